public import AttentionTensors

/// What `align` returns: where each query looked, and what it read there.
public struct Alignment: Sendable {
    /// [B, H, Q, K]: how each query's attention is shared among the keys (before dropout).
    public let weights: Tensor
    /// [B, H, Q, Dv]: Σ_j weights_ij value_j.
    public let context: Tensor

    /// These weights and what was read by them.
    package init(weights: Tensor, context: Tensor) {
        self.weights = weights
        self.context = context
    }
}

/// What `trace` returns: every step from scores to context.
public struct AttentionTrace: Sendable {
    /// [B, H, Q, K]: how well queries and keys match, before any modifier.
    public let scores: Tensor
    /// [B, H, Q, K]: the scores as they were normalised, after all modifiers.
    public let logits: Tensor
    /// The pairs that may meet, a mask that can be repeated to [B, H, Q, K]; nil when all may.
    public let visible: Mask?
    /// The weights and the context.
    public let alignment: Alignment

    /// ln Σ_j exp(logits_ij) over the keys that each query may see, [B, H, Q]; −∞ where it may see none.
    /// - Throws: never for a trace that `trace` returned.
    public func logSums() throws(ShapeError) -> Tensor { try logits.logSumExp(visible: visible) }
}
