public import AttentionTensors

/// What `compare` returns: how well queries and keys match, and which of them may meet. `align` goes on from here.
public struct Comparison: Sendable {
    /// [B, H, Q, K]: the scores, before any modifier.
    public let scores: Tensor
    /// [B, H, Q, K]: the scores as they are normalised, after all modifiers.
    public let logits: Tensor
    /// The pairs that may meet, a mask that can be repeated to [B, H, Q, K]; nil when all may.
    public let visible: Mask?
    /// The position of the first query among the keys.
    public let offset: Int

    /// ln Σ_j exp(logits_ij) over the keys that each query may see, [B, H, Q]; −∞ where it may see none.
    /// - Throws: `ShapeError` if the mask does not fit the logits.
    public func logSums() throws(ShapeError) -> Tensor { try logits.logSumExp(visible: visible) }
}
