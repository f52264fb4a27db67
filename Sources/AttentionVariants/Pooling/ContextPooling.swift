import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A sequence as one vector, by a learned idea of what is informative: Σ_j softmax_j(c · tanh(W h_j + b)) h_j.
///
/// *Source:* Yang et al. 2016, *Hierarchical Attention Networks for Document Classification*, eq. 5–7 (the paper's u_w is c).
public struct ContextPooling: Module {
    /// W, [A, D].
    public var weight: Parameter
    /// b, [A].
    public var bias: Parameter
    /// c, [A].
    public var context: Parameter

    /// A pooling with these parameters.
    public init(weight: Tensor, bias: Tensor, context: Tensor) {
        self.weight = Parameter(weight)
        self.bias = Parameter(bias)
        self.context = Parameter(context)
    }

    /// A pooling of vectors of `size`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            weight: .glorot([hiddenSize, size], key: key[0]), bias: .zeros([hiddenSize]),
            context: .glorot([hiddenSize], key: key[1]))
    }

    /// Sequences [B, L, D] → vectors [B, D], and the weights [B, L].
    ///
    /// - Parameters:
    ///   - lengths: how many positions of each item are real; nil when all are.
    ///   - scope: which of those count, for sequences with holes.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, lengths: [Int]? = nil, scope: some Scope = .global
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let x = try x.clearingPadding(lengths)
        let hidden = try linear(x, weight: weight, bias: bias, activation: .tanh)
        let pooled = try PooledSequence(
            query: context.tensor, keys: hidden, values: x, lengths: lengths,
            mechanism: AttentionMechanism(score: .dot, scope: scope))
        return (pooled.output, pooled.weights)
    }

    /// `weight`, `bias` and `context`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
        try context.visit(&visitor, path / "context")
    }
}
