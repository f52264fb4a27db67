internal import CAttentionKernels

extension Tensor {
    /// The sum of all elements, a scalar.
    public func sum() -> Tensor {
        let total = withElements { Float(kernels.sum($0, shape.elementCount)) }
        return Tensor(total).derived(from: self) { upstream, gradients in
            gradients.add(.full(upstream.scalar, shape), to: self)
        }
    }

    /// The mean of all elements, a scalar; NaN if there are none.
    public func mean() -> Tensor { sum() / Float(shape.elementCount) }

    /// The sums along an axis, which stays with size 1 or is dropped.
    /// - Throws: `ShapeError` if there is no such axis.
    public func sum(axis: Int, keepingAxis: Bool = false) throws(ShapeError) -> Tensor {
        let axis = axis < 0 ? shape.rank + axis : axis
        guard axis >= 0, axis < shape.rank else {
            throw ShapeError("sum", expected: "an axis of \(shape)", found: "\(axis)")
        }
        var sizes = shape.dimensions
        sizes[axis] = 1
        let keptShape = Shape(sizes)
        let kept = summed(to: keptShape).derived(from: self) { upstream, gradients in
            gradients.add(upstream.viewed(as: keptShape).filling(shape), to: self)
        }
        return keepingAxis ? kept : try kept.squeezed(axis: axis)
    }

    /// The means along an axis, which stays with size 1 or is dropped.
    /// - Throws: `ShapeError` if there is no such axis.
    public func mean(axis: Int, keepingAxis: Bool = false) throws(ShapeError) -> Tensor {
        try sum(axis: axis, keepingAxis: keepingAxis) / Float(shape[axis])
    }

    /// The index of the largest element of each row along the last axis, the first of equals.
    public func indicesOfMaximum() -> [Int] {
        let columns = shape.rank == 0 ? 1 : shape[-1]
        guard columns > 0 else { return [] }
        return withElements { elements in
            (0..<shape.elementCount / columns).map { row in
                let line = elements + row * columns
                var best = 0
                for column in 1..<max(columns, 1) where line[column] > line[best] { best = column }
                return best
            }
        }
    }

    /// Summed over the axes along which `target` is repeated to give this shape. Not part of the graph.
    package func summed(to target: Shape) -> Tensor {
        guard shape != target else { return detached() }
        let leading = shape.rank - target.rank
        var sizes = [Int](repeating: 1, count: leading) + target.dimensions
        var result = detached()
        for axis in 0..<shape.rank where sizes[axis] == 1 && result.shape[axis] != 1 {
            result = result.summedOnce(axis: axis)
        }
        sizes.removeFirst(leading)
        return result.viewed(as: Shape(sizes))
    }

    private func summedOnce(axis: Int) -> Tensor {
        let outer = shape.dimensions[..<axis].reduce(1, *)
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        let count = shape[axis]
        var sizes = shape.dimensions
        sizes[axis] = 1
        return Tensor(shape: Shape(sizes)) { out in
            withElements { x in
                if inner == 1 {
                    Parallel.forEachChunk(of: outer, grain: max(1, 16384 / max(count, 1))) { rows in
                        for row in rows { out[row] = Float(kernels.sum(x + row * count, count)) }
                    }
                    return
                }
                out.update(repeating: 0, count: outer * inner)
                if outer == 1 {
                    Parallel.forEachChunk(of: inner, grain: max(16, 16384 / max(count, 1))) { columns in
                        kernels.column_sums(
                            out + columns.lowerBound, x + columns.lowerBound, count, columns.count, inner)
                    }
                } else {
                    Parallel.forEachChunk(of: outer, grain: max(1, 16384 / max(count * inner, 1))) { blocks in
                        for block in blocks {
                            kernels.column_sums(out + block * inner, x + block * count * inner, count, inner, inner)
                        }
                    }
                }
            }
        }
    }

    /// This gradient repeated along its axes of size 1. Not part of the graph.
    func filling(_ target: Shape) -> Tensor {
        let steps = (0..<target.rank).map { shape[$0] == 1 && target[$0] != 1 ? 0 : strides[$0] }
        return Tensor(shape: target, strides: steps, offset: offset, storage: storage)
    }
}
