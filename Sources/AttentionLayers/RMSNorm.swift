public import AttentionTensors

/// x / √(mean x² + ε) · gain over the last axis (Zhang & Sennrich 2019, *Root Mean Square Layer Normalization*).
public struct RMSNorm: Norm {
    /// The gain, [M]; named `weight` in checkpoints.
    public var gain: Parameter
    /// ε.
    public var epsilon: Float

    /// A norm with this gain [M].
    public init(gain: Tensor, epsilon: Float = 1e-6) {
        self.gain = Parameter(gain)
        self.epsilon = epsilon
    }

    /// A norm that at first only scales.
    public init(_ size: Int, epsilon: Float = 1e-6) { self.init(gain: .ones([size]), epsilon: epsilon) }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.rootMeanSquareNormalized(gain: gain.tensor, epsilon: epsilon)
    }

    /// y ↦ y / √(mean x² + ε) · gain.
    /// - Throws: `ShapeError` if the last size is not M.
    public func fixed(at x: Tensor) throws(ShapeError) -> (Tensor) throws(ShapeError) -> Tensor {
        try x.checkSize("RMSNorm", gain)
        let size = (try (x * x).mean(axis: -1, keepingAxis: true) + epsilon).squareRoot()
        let gain = gain.tensor
        return { y throws(ShapeError) in y / size * gain }
    }

    /// `weight` (the gain).
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
    }
}
