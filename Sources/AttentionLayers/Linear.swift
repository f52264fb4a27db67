public import AttentionTensors

/// x ↦ activation(x Wᵀ + b).
public struct Linear: Module {
    /// W, [O, I].
    public var weight: Parameter
    /// b, [O].
    public var bias: Parameter?

    /// A map with these parameters.
    public init(weight: Tensor, bias: Tensor?) {
        self.weight = Parameter(weight)
        self.bias = bias.map { Parameter($0) }
    }

    /// A map from inputs of `inputSize` to outputs of `outputSize`, drawn uniformly (Glorot & Bengio 2010, eq. 16), its bias 0.
    public init(_ inputSize: Int, _ outputSize: Int, hasBias: Bool = true, key: RandomKey) {
        self.init(
            weight: .glorot([outputSize, inputSize], key: key),
            bias: hasBias ? key.isBlank ? .glorot([outputSize], key: key) : .zeros([outputSize]) : nil)
    }

    /// [..., I] → [..., O], with what follows it in the same pass: residual + dropout(activation(x Wᵀ + b)).
    /// - Throws: `ShapeError` if the last size is not I, or the residual is not as large as the result.
    public func callAsFunction(
        _ x: Tensor, activation: Activation = .identity, dropout: Dropout? = nil, residual: Tensor? = nil
    ) throws(ShapeError) -> Tensor {
        try linear(x, weight: weight, bias: bias, activation: activation, dropout: dropout, residual: residual)
    }

    /// `weight` and, if there is one, `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}
