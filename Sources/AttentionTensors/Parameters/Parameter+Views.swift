extension Parameter {
    /// The same numbers, in the same order, under another shape. A view: it shares the numbers and what is laid out of them.
    /// - Throws: `ShapeError` if the element counts differ.
    public func reshaped(to newShape: [Int]) throws(ShapeError) -> Parameter {
        switch numbers {
        case .floats(let tensor):
            let reshaped = try tensor.reshaped(to: newShape)
            return reshaped.storage === tensor.storage ? view(.floats(reshaped)) : replacing(with: reshaped)
        case .stored(let stored):
            let target = try shape.reshaped(to: newShape)
            guard stored.strides == shape.contiguousStrides else {
                return replacing(with: try tensor.reshaped(to: newShape))
            }
            return view(
                .stored(
                    StoredView(
                        stored.numbers, shape: target, strides: target.contiguousStrides, offset: stored.offset)))
        }
    }

    /// The last two axes exchanged. A view: it shares the numbers and what is laid out of them.
    public func transposed() -> Parameter {
        switch numbers {
        case .floats(let tensor): return view(.floats(tensor.transposed()))
        case .stored(let stored):
            var (sizes, strides) = (shape.dimensions, stored.strides)
            sizes.swapAt(sizes.count - 2, sizes.count - 1)
            strides.swapAt(strides.count - 2, strides.count - 1)
            return view(
                .stored(StoredView(stored.numbers, shape: Shape(sizes), strides: strides, offset: stored.offset)))
        }
    }

    /// The part of an axis within `range`. A view: it shares the numbers and what is laid out of them.
    /// - Throws: `ShapeError` if the range reaches outside.
    public func sliced(axis: Int, _ range: Range<Int>) throws(ShapeError) -> Parameter {
        switch numbers {
        case .floats(let tensor): return view(.floats(try tensor.sliced(axis: axis, range)))
        case .stored(let stored):
            let axis = axis < 0 ? shape.rank + axis : axis
            guard axis >= 0, axis < shape.rank, range.lowerBound >= 0, range.upperBound <= shape[axis] else {
                throw ShapeError("sliced", expected: "a range within axis \(axis) of \(shape)", found: "\(range)")
            }
            var sizes = shape.dimensions
            sizes[axis] = range.count
            let offset = stored.offset + range.lowerBound * stored.strides[axis]
            return view(
                .stored(StoredView(stored.numbers, shape: Shape(sizes), strides: stored.strides, offset: offset)))
        }
    }

    private func view(_ numbers: Numbers) -> Parameter { Parameter(numbers, role: role, forms: forms) }
}

extension Parameter {
    /// The rows of a matrix [V, M] that `indices` name, as [indices' shape..., M]: embedding. Only these are widened.
    /// - Throws: `ShapeError` naming the first index that is not a row.
    public func rows(_ indices: [Int], shape leading: Shape) throws(ShapeError) -> Tensor {
        guard case .stored(let stored) = numbers else { return try tensor.rows(indices, shape: leading) }
        try checkRows(indices, of: shape, leading)
        let size = shape[1]
        return Tensor(shape: Shape(leading.dimensions + [size])) { out in
            for (position, row) in indices.enumerated() {
                stored.widen(rows: row..<row + 1, columns: 0..<size, to: out + position * size)
            }
        }
    }

    /// The entries along the first axis that `indices` name, in that order, written as they are stored: a part of a vocabulary.
    /// - Throws: `ShapeError` naming the first index that does not exist.
    /// - Complexity: O(n) in what is selected.
    public func selecting(_ indices: [Int]) throws(ShapeError) -> Parameter {
        guard case .stored(let stored) = numbers, stored.isWhole, !indices.isEmpty else {
            return replacing(with: try tensor.selecting(indices))
        }
        if let outside = indices.first(where: { !(0..<shape[0]).contains($0) }) {
            throw ShapeError("selecting", expected: "indices below \(shape[0])", found: "\(outside)")
        }
        let chosen = Shape([indices.count] + shape.dimensions.dropFirst())
        return Parameter(
            .stored(StoredView(stored.numbers.selecting(indices, of: shape[0]), shape: chosen)), role: role)
    }
}
