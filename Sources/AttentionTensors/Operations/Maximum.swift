extension Tensor {
    /// The largest entry of every row along the last axis, which stays with size 1, among those that `visible` admits.
    ///
    /// The gradient goes to the first of the largest entries. A row that admits nothing gives 0, and its gradient is 0; NaN wins.
    /// - Throws: `ShapeError` if the mask does not fit.
    public func maximum(visible: Mask? = nil) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1 else { throw ShapeError("maximum", expected: "at least one axis", found: "\(shape)") }
        if let visible, visible.shape.rank == 0 || visible.shape.broadcast(with: shape) != shape {
            throw ShapeError("maximum", expected: "a mask that fits \(shape)", found: "\(visible.shape)")
        }
        let kept = Shape(shape.dimensions.dropLast() + [1])
        let (places, count) = (placesOfMaximum(visible), shape.elementCount)
        let output = Tensor(shape: kept) { out in
            withElements { x in
                for (row, place) in places.enumerated() { out[row] = place.map { x[$0] } ?? 0 }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                Tensor(shape: shape) { out in
                    out.initialize(repeating: 0, count: count)
                    upstream.withElements { upstream in
                        for (row, place) in places.enumerated() {
                            if let place { out[place] = upstream[row] }
                        }
                    }
                }, to: self)
        }
    }

    /// The largest elements along an axis, which stays with size 1 or is dropped; 0 if its size is 0.
    /// - Throws: `ShapeError` if there is no such axis.
    public func maximum(axis: Int, keepingAxis: Bool = false) throws(ShapeError) -> Tensor {
        let axis = axis < 0 ? shape.rank + axis : axis
        guard axis >= 0, axis < shape.rank else {
            throw ShapeError("maximum", expected: "an axis of \(shape)", found: "\(axis)")
        }
        let kept = try transposed(axis, -1).maximum().transposed(axis, -1)
        return keepingAxis ? kept : try kept.squeezed(axis: axis)
    }

    /// For every row along the last axis, where its largest visible entry stands among all elements; nil if none is visible.
    private func placesOfMaximum(_ visible: Mask?) -> [Int?] {
        let (columns, rows) = (shape[-1], shape.dimensions.dropLast().reduce(1, *))
        let mask = visible?.fillingRows(columns)
        let offsets = mask?.rowOffsets(in: shape) ?? []
        return withElements { x in
            (0..<rows).map { row in
                var best: Int?
                for column in 0..<columns where mask.map({ $0.bytes[offsets[row] + column] != 0 }) ?? true {
                    let place = row * columns + column
                    guard let leader = best else {
                        best = place
                        continue
                    }
                    if x[place] > x[leader] || (x[place].isNaN && !x[leader].isNaN) { best = place }
                }
                return best
            }
        }
    }
}
