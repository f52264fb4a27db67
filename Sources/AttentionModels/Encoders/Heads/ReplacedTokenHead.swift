public import AttentionLayers
public import AttentionTensors

/// Whether every id was put in the place of another: logit = w · activation(W x + b) + c (Clark et al. 2020, *ELECTRA*, eq. 2).
public struct ReplacedTokenHead: Module {
    /// W and b.
    public var hidden: Linear
    /// What follows it.
    public let activation: Activation
    /// w and c.
    public var output: Linear

    /// [B, L, M] → [B, L].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try output(try hidden(x, activation: activation)).squeezed(axis: 2)
    }

    /// `hidden` and `output`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try hidden.visit(&visitor, path / "hidden")
        try output.visit(&visitor, path / "output")
    }
}
