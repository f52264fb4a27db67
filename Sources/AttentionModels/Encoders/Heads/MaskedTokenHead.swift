public import AttentionLayers
public import AttentionTensors

/// logits = W_V norm(activation(W x + b)) + b_V, W_V the vectors of the vocabulary (Devlin et al. 2019, appendix A.2, with the norm of
/// their code).
public struct MaskedTokenHead: Module {
    /// W and b.
    public var hidden: Linear
    /// What follows it.
    public let activation: Activation
    /// The norm.
    public var norm: LayerNorm
    /// W_V, [V, E]; nil where it is the embedding itself.
    public var output: Parameter?
    /// b_V, [V]; nil for none.
    public var bias: Parameter?

    /// A head of these parts.
    public init(hidden: Linear, activation: Activation, norm: LayerNorm, output: Parameter?, bias: Parameter?) {
        (self.hidden, self.activation, self.norm, self.output, self.bias) = (hidden, activation, norm, output, bias)
    }

    /// A head that nothing was read into yet: from vectors of `modelSize` through `size`.
    init(
        _ modelSize: Int, through size: Int, vocabularySize: Int, activation: Activation, epsilon: Float,
        hasBiases: Bool = true, hasBias: Bool = true, isTied: Bool
    ) {
        self.init(
            hidden: Linear(modelSize, size, hasBias: hasBiases, key: .blank), activation: activation,
            norm: LayerNorm(size, hasBias: hasBiases, epsilon: epsilon),
            output: isTied ? nil : Parameter(.zeros([vocabularySize, size])),
            bias: hasBias ? Parameter(.zeros([vocabularySize])) : nil)
    }

    /// [..., M] → [..., V].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor, words: Embedding) throws(ShapeError) -> Tensor {
        try linear(try norm(try hidden(x, activation: activation)), weight: output ?? words.weight, bias: bias)
    }

    /// `hidden`, `norm`, `output` if it is not tied, `bias` if there is one.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try hidden.visit(&visitor, path / "hidden")
        try norm.visit(&visitor, path / "norm")
        try output.visit(&visitor, path / "output")
        try bias.visit(&visitor, path / "bias")
    }
}
