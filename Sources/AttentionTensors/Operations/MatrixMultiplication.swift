internal import CAttentionKernels

/// The matrix product of the last two axes: [..., M, K] × [..., K, N] → [..., M, N].
///
/// Leading axes are aligned at their last and repeated as for `+`. Transposed views are read in place.
/// - Throws: `ShapeError` if the shapes do not fit.
public func matmul(_ left: Tensor, _ right: Tensor) throws(ShapeError) -> Tensor {
    guard left.shape.rank >= 2, right.shape.rank >= 2 else {
        throw ShapeError("matmul", expected: "two tensors of rank 2 or more", found: "\(left.shape) and \(right.shape)")
    }
    guard left.shape[-1] == right.shape[-2] else {
        throw ShapeError(
            "matmul", expected: "\(left.shape[-1]) rows in the second operand to match \(left.shape)",
            found: "\(right.shape)")
    }
    let batches = (Shape(left.shape.dimensions.dropLast(2)), Shape(right.shape.dimensions.dropLast(2)))
    guard let batch = batches.0.broadcast(with: batches.1) else {
        throw ShapeError(
            "matmul", expected: "leading axes that fit \(left.shape)", found: "\(right.shape)",
            wayOut: "sizes must agree or be 1")
    }
    let precision = Precision.current.withoutWeights
    return product(left, right, batch, precision).derived(from: left, right) { upstream, gradients in
        let (x, y) = (left.detached(), right.detached())
        gradients.add(product(upstream, y.transposed(), batch, precision).summed(to: left.shape), to: left)
        if right.shape.rank == 2, left.shape.rank > 2 {
            // One product over all rows instead of a batch of them that would have to be summed.
            let rows = x.shape.dimensions.dropLast().reduce(1, *)
            let (flatX, flatUpstream) = (
                x.viewed(as: [rows, x.shape[-1]]), upstream.viewed(as: [rows, upstream.shape[-1]])
            )
            gradients.add(product(flatX.transposed(), flatUpstream, [], precision), to: right)
        } else {
            gradients.add(product(x.transposed(), upstream, batch, precision).summed(to: right.shape), to: right)
        }
    }
}

/// The product outside the graph; the shapes are known to fit.
private func product(_ left: Tensor, _ right: Tensor, _ batch: Shape, _ precision: Precision) -> Tensor {
    if right.shape.rank == 2, left.shape.rank > 2 {
        let rows = left.shape.dimensions.dropLast().reduce(1, *)
        let flat = product(left.viewed(as: [rows, left.shape[-1]]), right, [], precision)
        return flat.viewed(as: Shape(left.shape.dimensions.dropLast() + [right.shape[-1]]))
    }
    let (rows, columns, depth) = (left.shape[-2], right.shape[-1], left.shape[-1])
    let offsets = (left.batchOffsets(batch), right.batchOffsets(batch))
    let count = batch.elementCount
    return Tensor(shape: Shape(batch.dimensions + [rows, columns])) { out in
        left.withStorage { a in
            right.withStorage { b in
                let one = { (index: Int) in
                    attn_product(
                        rows: rows, columns: columns, depth: depth, a: a + offsets.0[index],
                        aStrides: left.matrixStrides, b: b + offsets.1[index], bStrides: right.matrixStrides,
                        c: out + index * rows * columns)
                }
                if count >= 2 * Parallel.threadCount {
                    Parallel.forEachChunk(of: count, grain: max(1, (1 << 16) / (rows * columns * depth + 1))) {
                        for index in $0 { multiply(one(index), precision) }
                    }
                } else {
                    for index in 0..<count { multiply(one(index), precision) }
                }
            }
        }
    }
}

extension Tensor {
    /// The strides of the last two axes.
    fileprivate var matrixStrides: (Int, Int) { (strides[shape.rank - 2], strides[shape.rank - 1]) }

    /// Where each matrix of the expanded batch begins, relative to the first element.
    fileprivate func batchOffsets(_ batch: Shape) -> [Int] {
        var offsets = [0]
        let leading = batch.rank - (shape.rank - 2)
        for axis in 0..<batch.rank {
            let step = axis < leading || shape[axis - leading] == 1 ? 0 : strides[axis - leading]
            offsets = offsets.flatMap { start in (0..<batch[axis]).map { start + $0 * step } }
        }
        return offsets
    }
}
