public import AttentionTensors
internal import Glibc

/// A distribution on [0, 1] that is exactly 0 and exactly 1 with probabilities of their own, and has a derivative by its parameter all the same: a gate that can be
/// learnt.
///
///     z = min(1, max(0, s (ζ − γ) + γ)),   s = σ((ln u − ln(1 − u) + ln α) / β),   u uniform on (0, 1)
///
/// *Source:* Louizos, Welling & Kingma 2018, *Learning Sparse Neural Networks through L0 Regularization*, sec. 2.2 and 2.3.
public struct HardConcrete: Sendable, Hashable {
    /// β: the less, the more rarely a gate is neither open nor closed.
    public var temperature: Float = 2 / 3
    /// γ, below 0.
    public var lower: Float = -0.1
    /// ζ, above 1.
    public var upper: Float = 1.1

    /// The distribution of the paper.
    public init() {}

    /// Gates with these ln α, drawn by `key`; of the same shape.
    public func drawn(_ logAlpha: Tensor, key: RandomKey) -> Tensor {
        let uniform = Tensor.uniform(logAlpha.shape, in: 1e-6...(1 - 1e-6), key: key)
        let noise = uniform.logarithm() - (1 - uniform).logarithm()
        return stretched(((logAlpha + noise) / temperature).sigmoid())
    }

    /// The gates when nothing is drawn any more: min(1, max(0, σ(ln α) (ζ − γ) + γ)) (eq. 13).
    public func settled(_ logAlpha: Tensor) -> Tensor { stretched(logAlpha.sigmoid()) }

    /// P(z ≠ 0) = σ(ln α − β ln(−γ / ζ)) (eq. 12).
    public func openProbability(_ logAlpha: Tensor) -> Tensor {
        (logAlpha - temperature * Float(log(Double(-lower / upper)))).sigmoid()
    }

    private func stretched(_ share: Tensor) -> Tensor { (share * (upper - lower) + lower).clamped(to: 0...1) }
}
