public import AttentionTensors

/// What brings vectors to a common size, before a sub-layer or behind it: `LayerNorm`, `RMSNorm`; or to one that was learnt: `LayerScale`.
public protocol Norm: Module {
    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor

    /// The norm with all that it measures of x [..., M] held fixed: an affine map of [P, ..., M] that is the norm itself at x.
    /// - Throws: `ShapeError` if the last size is not M.
    func fixed(at x: Tensor) throws(ShapeError) -> (Tensor) throws(ShapeError) -> Tensor
}

extension Tensor {
    /// - Throws: `ShapeError` unless the last size is that of a norm's gain.
    func checkSize(_ operation: String, _ gain: Parameter) throws(ShapeError) {
        guard shape.rank > 0, shape[-1] == gain.shape[0] else {
            throw ShapeError(operation, expected: "vectors of size \(gain.shape[0])", found: "\(shape)")
        }
    }
}
