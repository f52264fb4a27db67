public import AttentionTensors

/// x ↦ activation(x Wᵀ + b), W as it is or with an adapter added to it.
public struct Linear: AdaptableMap {
    /// W, [O, I].
    public var weight: Parameter
    /// b, [O].
    public var bias: Parameter?
    /// What is added to W while a model is adapted; nil for nothing.
    public var adapter: LowRankAdapter?

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
    /// - Parameter key: the source of the adapter's dropout; nil when not training.
    /// - Throws: `ShapeError` if the last size is not I, or the residual is not as large as the result.
    public func callAsFunction(
        _ x: Tensor, activation: Activation = .identity, dropout: Dropout? = nil, residual: Tensor? = nil,
        training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        guard let adapter else {
            return try linear(
                x, weight: weight, bias: bias, activation: activation, dropout: dropout, residual: residual)
        }
        let added = try adapter(x, training: key)
        let branch = activation(try linear(x, weight: weight, bias: bias, residual: added))
        let dropped = dropout?(branch) ?? branch
        return residual.map { $0 + dropped } ?? dropped
    }

    /// `weight` and, if there are any, `bias` and `adapter`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(map: &self, path)
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
        try adapter.visit(&visitor, path / "adapter")
    }
}
