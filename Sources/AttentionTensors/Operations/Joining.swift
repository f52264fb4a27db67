/// The tensors one after another along `axis`; all other sizes must agree.
/// - Throws: `ShapeError` if they do not, or if there is none.
public func concatenated(_ tensors: [Tensor], axis: Int) throws(ShapeError) -> Tensor {
    guard let first = tensors.first else {
        throw ShapeError("concatenated", expected: "at least one tensor", found: "none")
    }
    let axis = axis < 0 ? first.shape.rank + axis : axis
    var sizes = first.shape.dimensions
    guard sizes.indices.contains(axis) else {
        throw ShapeError("concatenated", expected: "an axis of \(first.shape)", found: "\(axis)")
    }
    sizes[axis] = 0
    for tensor in tensors {
        var others = tensor.shape.dimensions
        guard others.count == sizes.count else {
            throw ShapeError("concatenated", expected: "tensors like \(first.shape)", found: "\(tensor.shape)")
        }
        others[axis] = sizes[axis]
        guard others == sizes else {
            throw ShapeError(
                "concatenated", expected: "tensors like \(first.shape) except at axis \(axis)", found: "\(tensor.shape)"
            )
        }
        sizes[axis] += tensor.shape[axis]
    }
    let outer = sizes[..<axis].reduce(1, *)
    let inner = sizes[(axis + 1)...].reduce(1, *)
    let whole = sizes[axis] * inner
    let starts = tensors.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.shape[axis]) }
    let result = Tensor(shape: Shape(sizes)) { out in
        for (tensor, start) in zip(tensors, starts) {
            let part = tensor.shape[axis] * inner
            tensor.withElements { source in
                for block in 0..<outer {
                    (out + block * whole + start * inner).update(from: source + block * part, count: part)
                }
            }
        }
    }
    return result.derived(from: tensors) { upstream, gradients in
        for (tensor, start) in zip(tensors, starts) {
            gradients.add(upstream.part(axis: axis, start: start, count: tensor.shape[axis]), to: tensor)
        }
    }
}

/// The tensors side by side along a new axis; all shapes must agree.
/// - Throws: `ShapeError` if they do not, or if there is none.
public func stacked(_ tensors: [Tensor], axis: Int = 0) throws(ShapeError) -> Tensor {
    try concatenated(tensors.map { $0.unsqueezed(axis: axis) }, axis: axis)
}

extension Tensor {
    /// A slice whose bounds are known to fit, outside the graph.
    fileprivate func part(axis: Int, start: Int, count: Int) -> Tensor {
        var sizes = shape.dimensions
        sizes[axis] = count
        return Tensor(shape: Shape(sizes), strides: strides, offset: offset + start * strides[axis], storage: storage)
    }

    /// All sub-tensors along an axis, in order: the inverse of `stacked`.
    ///
    /// - Complexity: O(1) each; unlike repeated `at`, all gradients are gathered in one buffer.
    public func unstacked(axis: Int = 0) throws(ShapeError) -> [Tensor] {
        var pieces: [Tensor] = []
        for index in 0..<shape[axis] { pieces.append(try at(index, axis: axis)) }
        return pieces
    }
}
