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

    /// [B, H, L, D] with 0 in these of the heads, whatever they hold; itself if there are none.
    /// - Throws: `ShapeError` unless there are four axes.
    package func silencing(_ heads: Set<Int>) throws(ShapeError) -> Tensor {
        guard !heads.isEmpty else { return self }
        guard shape.rank == 4 else { throw ShapeError("silencing", expected: "heads [B, H, L, D]", found: "\(shape)") }
        let nothing = Tensor.zeros([shape[0], 1, shape[2], shape[3]])
        var parts: [Tensor] = []
        for head in 0..<shape[1] {
            parts.append(heads.contains(head) ? nothing : try sliced(axis: 1, head..<head + 1))
        }
        return try concatenated(parts, axis: 1)
    }
}
