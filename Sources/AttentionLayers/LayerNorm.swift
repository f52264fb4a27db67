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

    /// `weight` (the gain) and, if there is one, `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}
