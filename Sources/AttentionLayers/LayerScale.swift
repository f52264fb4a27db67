public import AttentionTensors

/// λ ⊙ x: a gain without a norm, which stands where the norm of a branch stands, so that deep models begin as if they had no branches (Touvron et
/// al. 2021, *Going deeper with Image Transformers*, sec. 2.1).
public struct LayerScale: Norm {
    /// λ, [M].
    public var gain: Parameter

    /// A scale with this gain [M].
    public init(gain: Tensor) { self.gain = Parameter(gain) }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        guard x.shape.rank > 0, x.shape[-1] == gain.shape[0] else {
            throw ShapeError("LayerScale", expected: "vectors of size \(gain.shape[0])", found: "\(x.shape)")
        }
        return x * gain.tensor
    }

    /// `weight`, the gain.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
    }
}
