public import AttentionTensors

/// What `align` returns: where each query looked, and what it read there.
public struct Alignment: Sendable {
    /// [B, H, Q, K]: how each query's attention is shared among the keys (before dropout).
    public let weights: Tensor
    /// [B, H, Q, Dv]: Σ_j weights_ij value_j.
    public let context: Tensor
}
