extension Tensor {
    /// From products with relative positions to products with keys: [..., Q, Q + K] → [..., Q, K], where entry (i, j) is the one of row i at
    /// column j − i + Q − 1. Column c therefore belongs to the distance j − i = c − (Q − 1); the last column is never read.
    ///
    /// So Q + K products per query serve all Q · K pairs, and nothing but views moves them into place.
    ///
    /// *Source:* Dai et al. 2019, *Transformer-XL*, appendix B.
    /// - Throws: `ShapeError` unless there are K ≥ 0 columns more than rows.
    package func relativelyShifted() throws(ShapeError) -> Tensor {
        guard shape.rank >= 2, shape[-1] >= shape[-2] else {
            throw ShapeError("relativelyShifted", expected: "products [..., Q, Q + K]", found: "\(shape)")
        }
        let (leading, rows) = (Array(shape.dimensions.dropLast(2)), shape[-2])
        let keys = shape[-1] - rows
        guard rows > 0 else { return try sliced(axis: -1, 0..<keys) }
        // Row i of width Q + K, read from Q − 1 on in rows of width Q + K − 1, begins i columns further left.
        let width = shape[-1] - 1
        return try reshaped(to: leading + [rows * shape[-1]])
            .sliced(axis: -1, rows - 1..<rows - 1 + rows * width)
            .reshaped(to: leading + [rows, width])
            .sliced(axis: -1, 0..<keys)
    }
}
