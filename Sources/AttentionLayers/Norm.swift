public import AttentionTensors

/// What brings vectors to a common size, before a sub-layer or behind it: `LayerNorm`, `RMSNorm`; or to one that was learnt: `LayerScale`.
public protocol Norm: Module {
    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor
}
