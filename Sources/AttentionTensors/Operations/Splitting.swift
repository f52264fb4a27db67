extension Tensor {
    /// Consecutive parts of an axis, of these sizes. Views: nothing is copied.
    /// - Throws: `ShapeError` if there is no such axis or the sizes do not add up to its size.
    public func split(sizes: [Int], axis: Int = 0) throws(ShapeError) -> [Tensor] {
        let layout = try AxisLayout(shape, axis: axis, in: "split")
        guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == layout.count else {
            throw ShapeError(
                "split", expected: "sizes that add up to \(layout.count), axis \(layout.axis) of \(shape)",
                found: "\(sizes)")
        }
        var (parts, start): ([Tensor], Int) = ([], 0)
        for size in sizes {
            parts.append(try sliced(axis: layout.axis, start..<start + size))
            start += size
        }
        return parts
    }

    /// `count` consecutive parts of an axis, all of one size. Views: nothing is copied.
    /// - Throws: `ShapeError` if there is no such axis or its size is no multiple of `count`.
    public func split(count: Int, axis: Int = 0) throws(ShapeError) -> [Tensor] {
        let layout = try AxisLayout(shape, axis: axis, in: "split")
        guard count > 0, layout.count % count == 0 else {
            throw ShapeError(
                "split", expected: "a count that divides \(layout.count), axis \(layout.axis) of \(shape)",
                found: "\(count)", wayOut: "name the sizes")
        }
        return try split(sizes: [Int](repeating: layout.count / count, count: count), axis: axis)
    }
}
