public import AttentionLayers
public import AttentionTensors

/// Which class every id is of: logits = W x + b (Devlin et al. 2019, sec. 5.3), in ModernBERT behind norm(activation(W₁ x)).
public struct TokenHead: Module {
    /// What stands before the map; nil for nothing.
    public var hidden: Linear?
    /// What follows it.
    public let activation: Activation
    /// Its norm; nil for none.
    public var norm: LayerNorm?
    /// W and b.
    public var output: Linear
    /// What the classes are called.
    public let labels: [String]
    /// The probability of dropping an element before the map in training.
    public var dropout: Float = 0

    /// A head of these parts.
    public init(
        hidden: Linear? = nil, activation: Activation = .identity, norm: LayerNorm? = nil, output: Linear,
        labels: [String]
    ) {
        (self.hidden, self.activation, self.norm) = (hidden, activation, norm)
        (self.output, self.labels) = (output, labels)
    }

    /// [B, L, M] → [B, L, classes].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        var x = x
        if let hidden { x = try hidden(x, activation: activation) }
        if let norm { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key) }
        return try output(x)
    }

    /// `hidden` and `norm` if there are any, `output`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try hidden.visit(&visitor, path / "hidden")
        try norm.visit(&visitor, path / "norm")
        try output.visit(&visitor, path / "output")
    }
}
