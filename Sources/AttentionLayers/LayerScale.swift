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
        try x.checkSize("LayerScale", gain)
        return x * gain.tensor
    }

    /// The scale, which measures nothing.
    /// - Throws: `ShapeError` if the last size is not M.
    public func fixed(at x: Tensor) throws(ShapeError) -> (Tensor) throws(ShapeError) -> Tensor {
        try x.checkSize("LayerScale", gain)
        let gain = gain.tensor
        return { y throws(ShapeError) in y * gain }
    }

    /// `weight`, the gain.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
    }
}
