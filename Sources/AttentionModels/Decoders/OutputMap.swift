public import AttentionLayers
public import AttentionTensors

/// From vectors x [..., M] to logits W (scale · t(x)) + b [..., V].
public struct OutputMap: Module {
    /// t; nil where vectors are read as they are.
    public var transform: OutputTransform?
    /// W, [V, M]; nil where it is that of the embeddings (Press & Wolf 2017).
    public var weight: Parameter?
    /// b, [V]; nil for none.
    public var bias: Parameter?
    /// What vectors are multiplied by: tied embeddings are larger than an output map of its own would be.
    public let scale: Float

    /// A map of these parts.
    public init(
        transform: OutputTransform? = nil, weight: Parameter? = nil, bias: Parameter? = nil, scale: Float = 1
    ) {
        (self.transform, self.weight, self.bias, self.scale) = (transform, weight, bias, scale)
    }

    /// What W is applied to, [..., M] → [..., M].
    func prepared(_ x: Tensor) throws(ShapeError) -> Tensor {
        let x = try transform?(x) ?? x
        return scale == 1 ? x : x * scale
    }

    /// `transform.…`, `weight` and `bias`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try transform.visit(&visitor, path / "transform")
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}

/// norm(activation(W x + b)): what a decoder that was an encoder once does with vectors before it names words (Devlin et al. 2019, appendix A.2).
public struct OutputTransform: Module {
    /// W and b.
    public var hidden: Linear
    /// What follows it.
    public let activation: Activation
    /// The norm.
    public var norm: LayerNorm

    /// A transform of these parts.
    public init(hidden: Linear, activation: Activation, norm: LayerNorm) {
        (self.hidden, self.activation, self.norm) = (hidden, activation, norm)
    }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try norm(try hidden(x, activation: activation))
    }

    /// `hidden.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try hidden.visit(&visitor, path / "hidden")
        try norm.visit(&visitor, path / "norm")
    }
}
