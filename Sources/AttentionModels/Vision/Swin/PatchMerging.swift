public import AttentionLayers
public import AttentionTensors

/// Four neighbours as one, W norm([x₀₀; x₁₀; x₀₁; x₁₁]): a grid of half the rows and columns, of vectors of twice the size (Liu et al. 2021,
/// sec. 3.1). What is missing at the edge of an odd grid is zero.
public struct PatchMerging: Module {
    /// The norm of all four.
    public var norm: LayerNorm
    /// W, [2 M, 4 M].
    public var reduction: Linear

    /// A merging without its numbers, of vectors of this size.
    init(_ size: Int, epsilon: Float) {
        norm = LayerNorm(4 * size, epsilon: epsilon)
        reduction = Linear(4 * size, 2 * size, hasBias: false, key: .blank)
    }

    /// [B, L, M] on a grid → [B, L / 4, 2 M] on the merged one.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, on grid: ImageSize
    ) throws(ShapeError) -> (output: Tensor, grid: ImageSize) {
        let (rowCount, size) = (x.shape[0], x.shape[2])
        let merged = ImageSize(height: (grid.height + 1) / 2, width: (grid.width + 1) / 2)
        let whole = try x.reshaped(to: [rowCount, grid.height, grid.width, size])
            .padded(axis: 1, before: 0, after: merged.height * 2 - grid.height)
            .padded(axis: 2, before: 0, after: merged.width * 2 - grid.width)
        let neighbours = try whole.reshaped(to: [rowCount, merged.height, 2, merged.width, 2, size])
            .permuted([0, 1, 3, 4, 2, 5]).reshaped(to: [rowCount, merged.height * merged.width, 4 * size])
        return (try reduction(try norm(neighbours)), merged)
    }

    /// `norm.…` and `reduction.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try norm.visit(&visitor, path / "norm")
        try reduction.visit(&visitor, path / "reduction")
    }
}
