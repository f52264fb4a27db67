public import AttentionTensors

/// (x − mean) / √(variance + ε) · gain + bias over the last axis (Ba, Kiros & Hinton 2016).
public struct LayerNorm: Norm {
    /// The gain, [M]; named `weight` in checkpoints.
    public var gain: Parameter
    /// The bias, [M]; nil for none.
    public var bias: Parameter?
    /// ε.
    public var epsilon: Float

    /// A norm with these parameters [M].
    public init(gain: Tensor, bias: Tensor?, epsilon: Float = 1e-5) {
        self.gain = Parameter(gain)
        self.bias = bias.map { Parameter($0) }
        self.epsilon = epsilon
    }

    /// A norm that at first only standardises.
    public init(_ size: Int, hasBias: Bool = true, epsilon: Float = 1e-5) {
        self.init(gain: .ones([size]), bias: hasBias ? .zeros([size]) : nil, epsilon: epsilon)
    }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.layerNormalized(gain: gain.tensor, bias: bias?.tensor ?? .zeros(gain.shape), epsilon: epsilon)
    }

    /// y ↦ (y − mean of y) / √(variance of x + ε) · gain + bias.
    /// - Throws: `ShapeError` if the last size is not M.
    public func fixed(at x: Tensor) throws(ShapeError) -> (Tensor) throws(ShapeError) -> Tensor {
        try x.checkSize("LayerNorm", gain)
        let centred = x - (try x.mean(axis: -1, keepingAxis: true))
        let deviation = (try (centred * centred).mean(axis: -1, keepingAxis: true) + epsilon).squareRoot()
        let (gain, bias) = (gain.tensor, bias?.tensor ?? .zeros(gain.shape))
        return { y throws(ShapeError) in (y - (try y.mean(axis: -1, keepingAxis: true))) / deviation * gain + bias }
    }

    /// `weight` (the gain) and, if there is one, `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}
