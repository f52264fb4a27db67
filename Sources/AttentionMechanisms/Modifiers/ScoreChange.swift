public import AttentionTensors

/// What a modifier does to scores, in terms that the fused kernels know.
public enum ScoreChange: Sendable {
    /// s ← cap · tanh(s / cap).
    case cap(Float)
    /// s_ij + bias_ij, with a tensor that can be repeated to [B, H, Q, K].
    case bias(Tensor)
    /// s_ij + bias[h, j − i + Q − 1]: a bias [H, Q + K − 1], or [1, Q + K − 1] for all heads, that knows the distance alone.
    case distanceBias(Tensor)
}

/// The scores [B, H, Q, K] that a modifier changes: how many there are, and where the first query stands.
public struct ScoreGrid: Sendable, Hashable {
    /// H.
    public let headCount: Int
    /// Q.
    public let queryCount: Int
    /// K.
    public let keyCount: Int
    /// The position of the first query among the keys.
    public let offset: Int

    /// j − p for every diagonal of the scores, [Q + K − 1], from the last query and the first key on.
    var distances: Tensor {
        let count = max(0, queryCount + keyCount - 1)
        return Tensor(shape: [count]) { out in
            for index in 0..<count { out[index] = Float(index - (queryCount - 1) - offset) }
        }
    }
}
