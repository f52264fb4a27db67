extension Tensor {
    /// y[b, i, c] = Σ x[b, i, k] over the k with columns[b, k] = c: every entry added to the column it belongs to,
    /// [B, Q, K] → [B, Q, size].
    ///
    /// - Parameter columns: [B, K] row-major.
    /// - Throws: `ShapeError` unless this is [B, Q, K] and there are B · K columns below `size`.
    package func scatteringColumns(_ columns: [Int], size: Int) throws(ShapeError) -> Tensor {
        guard shape.rank == 3, columns.count == shape[0] * shape[2], size >= 0 else {
            throw ShapeError(
                "scatteringColumns", expected: "entries [B, Q, K] and B · K columns",
                found: "\(shape) and \(columns.count) columns")
        }
        if let outside = columns.first(where: { $0 < 0 || $0 >= size }) {
            throw ShapeError("scatteringColumns", expected: "columns below \(size)", found: "\(outside)")
        }
        let (rowCount, keyCount) = (shape[1], shape[2])
        let output = Tensor.zeros([shape[0], rowCount, size])
        withElements { x in
            for row in 0..<shape[0] * rowCount {
                for key in 0..<keyCount {
                    let column = columns[row / rowCount * keyCount + key]
                    output.storage.elements[row * size + column] += x[row * keyCount + key]
                }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                Tensor(shape: shape) { out in
                    upstream.withElements { upstream in
                        for row in 0..<shape[0] * rowCount {
                            for key in 0..<keyCount {
                                let column = columns[row / rowCount * keyCount + key]
                                out[row * keyCount + key] = upstream[row * size + column]
                            }
                        }
                    }
                }, to: self)
        }
    }
}
