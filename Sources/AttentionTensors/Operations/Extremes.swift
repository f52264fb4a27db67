/// The smaller of two elements; shapes as for `+`. NaN wins; where both are equal, each takes half of the gradient.
/// - Precondition: the shapes fit.
public func minimum(_ x: Tensor, _ y: Tensor) -> Tensor {
    .combined(
        "minimum", x, y,
        Tensor.PairFunction({ $0 < $1 || $0.isNaN ? $0 : $1 }, { share($0 < $1, $0, $1) }, { share($1 < $0, $0, $1) }))
}

/// The larger of two elements; shapes as for `+`. NaN wins; where both are equal, each takes half of the gradient.
/// - Precondition: the shapes fit.
public func maximum(_ x: Tensor, _ y: Tensor) -> Tensor {
    .combined(
        "maximum", x, y,
        Tensor.PairFunction({ $0 > $1 || $0.isNaN ? $0 : $1 }, { share($0 > $1, $0, $1) }, { share($1 > $0, $0, $1) }))
}

/// What one of two elements takes of the gradient.
@Sendable private func share(_ wins: Bool, _ x: Float, _ y: Float) -> Float { wins ? 1 : x == y ? 0.5 : 0 }

extension Tensor {
    /// The smallest entry of every row along the last axis, which stays with size 1, among those that `visible` admits: −max(−x), with the
    /// ties, empty rows and gradients of `maximum`.
    /// - Throws: `ShapeError` if the mask does not fit.
    public func minimum(visible: Mask? = nil) throws(ShapeError) -> Tensor { -(try (-self).maximum(visible: visible)) }

    /// The smallest elements along an axis, which stays with size 1 or is dropped; 0 if its size is 0.
    /// - Throws: `ShapeError` if there is no such axis.
    public func minimum(axis: Int, keepingAxis: Bool = false) throws(ShapeError) -> Tensor {
        -(try (-self).maximum(axis: axis, keepingAxis: keepingAxis))
    }

    /// min(max(x, lower), upper). The gradient passes within the bounds, these included, and is 0 beyond; NaN stays NaN.
    public func clamped(to bounds: ClosedRange<Float>) -> Tensor {
        mapped(
            { $0.isNaN ? $0 : min(max($0, bounds.lowerBound), bounds.upperBound) },
            derivative: { x, _ in bounds.contains(x) ? 1 : 0 })
    }

    /// |x|, whose derivative is the sign, 0 at 0.
    public func absolute() -> Tensor {
        mapped({ $0.magnitude }, derivative: { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 })
    }
}
