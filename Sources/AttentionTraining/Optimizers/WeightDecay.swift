public import AttentionTensors

/// By how much weights shrink with each step, beside what gradients do: w ← w − rate · λ w (Loshchilov & Hutter 2019).
public enum WeightDecay: Sendable, Hashable, Codable {
    /// λ = 0.
    case zero
    /// λ for parameters of rank 2 and more: not for biases and gains, which do not overfit.
    case matrices(Float)
    /// λ for every parameter.
    case all(Float)

    /// λ of a parameter of this shape.
    public func rate(of shape: Shape) -> Float {
        switch self {
        case .zero: 0
        case .matrices(let rate): shape.rank >= 2 ? rate : 0
        case .all(let rate): rate
        }
    }
}
