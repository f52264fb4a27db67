internal import CAttentionKernels

extension Tensor {
    /// The same elements, in the same order, under another shape; one size may be −1 and is then computed.
    ///
    /// - Throws: `ShapeError` if the element counts differ.
    /// - Complexity: O(1) for row-major tensors; others are copied first.
    public func reshaped(to newShape: [Int]) throws(ShapeError) -> Tensor {
        let target = try shape.reshaped(to: newShape)
        let source = isContiguous ? detached() : copied()
        return Tensor(shape: target, strides: target.contiguousStrides, offset: source.offset, storage: source.storage)
            .derived(from: self) { upstream, gradients in
                gradients.add(upstream.viewed(as: shape), to: self)
            }
    }

    /// A contiguous gradient under the shape it belongs to. The counts are known to agree.
    package func viewed(as target: Shape) -> Tensor {
        let source = isContiguous ? self : copied()
        return Tensor(
            shape: target, strides: target.contiguousStrides, offset: source.offset, storage: source.storage)
    }

    /// Two axes exchanged. A view: nothing is copied.
    ///
    /// Negative axes count from the last one; the default is the matrix transpose.
    /// - Precondition: both axes exist.
    public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
        var order = Array(0..<shape.rank)
        order.swapAt(first < 0 ? shape.rank + first : first, second < 0 ? shape.rank + second : second)
        return permuted(order)
    }

    /// Axes in another order: axis `i` of the result is axis `order[i]` of this tensor. A view: nothing is copied.
    /// - Precondition: `order` names each axis once.
    public func permuted(_ order: [Int]) -> Tensor {
        precondition(
            order.sorted() == Array(0..<shape.rank), "permuted: expected each axis of \(shape) once, found \(order)")
        let view = Tensor(
            shape: Shape(order.map { shape[$0] }), strides: order.map { strides[$0] }, offset: offset, storage: storage)
        return view.derived(from: self) { upstream, gradients in
            var inverse = order
            for (position, axis) in order.enumerated() { inverse[axis] = position }
            gradients.add(upstream.permuted(inverse), to: self)
        }
    }

    /// The part of an axis within `range`. A view: nothing is copied.
    /// - Throws: `ShapeError` if the range reaches outside.
    public func sliced(axis: Int, _ range: Range<Int>) throws(ShapeError) -> Tensor {
        let axis = axis < 0 ? shape.rank + axis : axis
        guard axis >= 0, axis < shape.rank, range.lowerBound >= 0, range.upperBound <= shape[axis] else {
            throw ShapeError("sliced", expected: "a range within axis \(axis) of \(shape)", found: "\(range)")
        }
        var sizes = shape.dimensions
        sizes[axis] = range.count
        let view = Tensor(
            shape: Shape(sizes), strides: strides, offset: offset + range.lowerBound * strides[axis], storage: storage)
        return view.derived(from: self) { upstream, gradients in
            gradients.addSlice(upstream, to: self, axis: axis, start: range.lowerBound)
        }
    }

    /// The sub-tensor at `index` of an axis, without that axis. A view: nothing is copied.
    /// - Throws: `ShapeError` if there is no such index.
    public func at(_ index: Int, axis: Int = 0) throws(ShapeError) -> Tensor {
        let axis = axis < 0 ? shape.rank + axis : axis
        return try sliced(axis: axis, index..<(index + 1)).squeezed(axis: axis)
    }

    /// A new axis of size 1 before `axis` (from the end if negative: −1 appends one).
    public func unsqueezed(axis: Int) -> Tensor {
        let axis = axis < 0 ? shape.rank + 1 + axis : axis
        var (sizes, steps) = (shape.dimensions, strides)
        sizes.insert(1, at: axis)
        steps.insert(axis < shape.rank ? strides[axis] * shape[axis] : 1, at: axis)
        return Tensor(shape: Shape(sizes), strides: steps, offset: offset, storage: storage)
            .derived(from: self) { upstream, gradients in gradients.add(upstream.viewed(as: shape), to: self) }
    }

    /// The tensor without an axis of size 1.
    /// - Throws: `ShapeError` if the axis has another size.
    public func squeezed(axis: Int) throws(ShapeError) -> Tensor {
        let axis = axis < 0 ? shape.rank + axis : axis
        guard axis >= 0, axis < shape.rank, shape[axis] == 1 else {
            throw ShapeError("squeezed", expected: "an axis of size 1 at \(axis)", found: "\(shape)")
        }
        var (sizes, steps) = (shape.dimensions, strides)
        sizes.remove(at: axis)
        steps.remove(at: axis)
        return Tensor(shape: Shape(sizes), strides: steps, offset: offset, storage: storage)
            .derived(from: self) { upstream, gradients in gradients.add(upstream.viewed(as: shape), to: self) }
    }

    /// This tensor repeated along its axes of size 1 (and new leading ones) to fill `target`. A view: nothing is copied.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func expanded(to target: Shape) throws(ShapeError) -> Tensor {
        guard shape.broadcast(with: target) == target else {
            throw ShapeError("expanded", expected: "a shape that \(shape) can fill", found: "\(target)")
        }
        let leading = target.rank - shape.rank
        let steps = (0..<target.rank).map { axis in
            axis < leading || (shape[axis - leading] == 1 && target[axis] != 1) ? 0 : strides[axis - leading]
        }
        return Tensor(shape: target, strides: steps, offset: offset, storage: storage)
            .derived(from: self) { upstream, gradients in gradients.add(upstream.summed(to: shape), to: self) }
    }
}

extension Gradients {
    /// Adds `upstream` to the slice of the gradient of `tensor` that starts at `start` of `axis`.
    mutating func addSlice(_ upstream: Tensor, to tensor: Tensor, axis: Int, start: Int) {
        let outer = tensor.shape.dimensions[..<axis].reduce(1, *)
        let inner = tensor.shape.dimensions[(axis + 1)...].reduce(1, *)
        let (whole, part) = (tensor.shape[axis] * inner, upstream.shape[axis] * inner)
        accumulate(to: tensor) { total in
            upstream.withElements { addend in
                for block in 0..<outer {
                    let target = total + block * whole + start * inner
                    kernels.add(target, target, addend + block * part, part)
                }
            }
        }
    }
}
