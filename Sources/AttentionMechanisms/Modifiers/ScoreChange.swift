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

/// The scores [B, H, Q, K] that a modifier changes: how many there are, and where the queries stand.
public struct ScoreGrid: Sendable, Hashable {
    /// B.
    public let rowCount: Int
    /// H.
    public let headCount: Int
    /// Q.
    public let queryCount: Int
    /// K.
    public let keyCount: Int
    /// Where the queries stand among the keys.
    public let positions: Positions

    /// Scores of this shape, of queries at these positions.
    init(_ scores: Shape, _ positions: Positions) {
        (rowCount, headCount, queryCount, keyCount) = (scores[0], scores[1], scores[2], scores[3])
        self.positions = positions
    }

    /// The same scores of queries that stand elsewhere.
    func standing(at places: Positions) -> ScoreGrid {
        ScoreGrid([rowCount, headCount, queryCount, keyCount], places)
    }

    /// What adds a bias that knows distances alone: told by diagonals where all items stand alike, else pair by pair.
    /// - Parameter bias: distances [1, n] or [Q, K] → [H, 1, n] or [H, Q, K]; distances [B, 1, Q, K] → [B, H, Q, K].
    func change(_ bias: (Tensor) throws(ShapeError) -> Tensor) throws(ShapeError) -> ScoreChange {
        guard let distances else { return .bias(try bias(try allDistances())) }
        return .distanceBias(try bias(distances.unsqueezed(axis: 0)).squeezed(axis: 1))
    }

    /// j − p for every diagonal of the scores, [Q + K − 1], from the last query and the first key on; nil where items stand differently.
    var distances: Tensor? {
        guard let first = positions.shared else { return nil }
        let count = max(0, queryCount + keyCount - 1)
        return Tensor(shape: [count]) { out in
            for index in 0..<count { out[index] = Float(index - (queryCount - 1) - first) }
        }
    }

    /// j − p for every query and key, [Q, K], or [B, 1, Q, K] where items stand differently.
    /// - Throws: `ShapeError` if the positions do not fit.
    func allDistances() throws(ShapeError) -> Tensor {
        let places = try positions.table("positions", rowCount: rowCount, count: queryCount)
        let shape: Shape = places.rowCount == 1 ? [queryCount, keyCount] : [places.rowCount, 1, queryCount, keyCount]
        return Tensor(shape: shape) { out in
            for (line, position) in places.values.enumerated() {
                for j in 0..<keyCount { out[line * keyCount + j] = Float(j - position) }
            }
        }
    }
}
