internal import CAttentionKernels

extension Tensor {
    /// The rows of a matrix [V, M] that `indices` name, as [indices' shape..., M]: embedding.
    ///
    /// - Throws: `ShapeError` naming the first index that is not a row.
    public func rows(_ indices: [Int], shape leading: Shape) throws(ShapeError) -> Tensor {
        try checkRows(indices, of: shape, leading)
        let size = shape[1]
        let result = Tensor(shape: Shape(leading.dimensions + [size])) { out in
            withElements { table in
                Parallel.forEachChunk(of: indices.count, grain: max(1, 65536 / max(size, 1))) { range in
                    for position in range {
                        (out + position * size).update(from: table + indices[position] * size, count: size)
                    }
                }
            }
        }
        return result.derived(from: self) { upstream, gradients in
            gradients.accumulate(to: self) { total in
                upstream.withElements { upstream in
                    // Columns are split, not rows, so that no two threads add to the same row.
                    Parallel.forEachChunk(of: (size + 15) / 16, grain: max(1, 65536 / (16 * max(indices.count, 1)))) {
                        let columns = $0.lowerBound * 16..<min(size, $0.upperBound * 16)
                        for (position, row) in indices.enumerated() {
                            let target = total + row * size + columns.lowerBound
                            kernels.add(
                                target, target, upstream + position * size + columns.lowerBound, columns.count)
                        }
                    }
                }
            }
        }
    }

    /// The sub-tensors along the first axis that `indices` name, in that order, as often as they are named: for reordering beams.
    /// - Throws: `ShapeError` naming the first index that does not exist.
    public func selecting(_ indices: [Int]) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1 else { throw ShapeError("selecting", expected: "at least one axis", found: "\(shape)") }
        if let outside = indices.first(where: { $0 < 0 || $0 >= shape[0] }) {
            throw ShapeError("selecting", expected: "indices below \(shape[0])", found: "\(outside)")
        }
        let size = shape.dimensions.dropFirst().reduce(1, *)
        let result = Tensor(shape: Shape([indices.count] + shape.dimensions.dropFirst())) { out in
            withElements { source in
                for (position, index) in indices.enumerated() {
                    (out + position * size).update(from: source + index * size, count: size)
                }
            }
        }
        return result.derived(from: self) { upstream, gradients in
            gradients.accumulate(to: self) { total in
                upstream.withElements { upstream in
                    for (position, index) in indices.enumerated() {
                        kernels.add(total + index * size, total + index * size, upstream + position * size, size)
                    }
                }
            }
        }
    }
}

/// Refuses indices that are not rows of a matrix of this shape, or do not fill the leading axes.
func checkRows(_ indices: [Int], of shape: Shape, _ leading: Shape) throws(ShapeError) {
    guard shape.rank == 2, indices.count == leading.elementCount else {
        throw ShapeError(
            "rows", expected: "a matrix and \(leading.elementCount) indices", found: "\(shape) and \(indices.count)")
    }
    if let outside = indices.first(where: { $0 < 0 || $0 >= shape[0] }) {
        throw ShapeError("rows", expected: "indices of rows, below \(shape[0])", found: "\(outside)")
    }
}
