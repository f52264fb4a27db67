public import AttentionTensors

/// What one step of a sequential mechanism, or all of them, gives: where it looked, and what it read there.
public struct Reading: Sendable {
    /// [B, H, Q, K]: how attention is shared among the keys (before dropout).
    public let weights: Tensor
    /// [B, H, Q, Dv]: Σ_j weights_ij value_j.
    public let context: Tensor
}
