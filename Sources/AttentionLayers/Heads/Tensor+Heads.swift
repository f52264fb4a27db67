package import AttentionTensors

extension Tensor {
    /// [B, L, H · D] → [B, H, L, D].
    /// - Throws: `ShapeError` unless there are three axes and the heads divide the last.
    package func splitIntoHeads(_ count: Int) throws(ShapeError) -> Tensor {
        guard shape.rank == 3, count > 0, shape[2] % count == 0 else {
            throw ShapeError("splitIntoHeads", expected: "vectors [B, L, n · \(count)]", found: "\(shape)")
        }
        return try reshaped(to: [shape[0], shape[1], count, shape[2] / count]).transposed(1, 2)
    }

    /// [B, H, L, D] → [B, L, H · D].
    package func mergingHeads() throws(ShapeError) -> Tensor {
        guard shape.rank == 4 else {
            throw ShapeError("mergingHeads", expected: "heads [B, H, L, D]", found: "\(shape)")
        }
        return try transposed(1, 2).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]])
    }
}
