/// How a row-major tensor lies around one axis: `outer` blocks of `count` slices of `inner` elements.
struct AxisLayout: Sendable {
    let axis: Int
    let outer: Int
    let count: Int
    let inner: Int

    /// - Throws: `ShapeError` in the name of `operation` if there is no such axis; negative ones count from the last.
    init(_ shape: Shape, axis: Int, in operation: String) throws(ShapeError) {
        let place = axis < 0 ? shape.rank + axis : axis
        guard shape.dimensions.indices.contains(place) else {
            throw ShapeError(operation, expected: "an axis of \(shape)", found: "\(axis)")
        }
        self.axis = place
        outer = shape.dimensions[..<place].reduce(1, *)
        count = shape[place]
        inner = shape.dimensions[(place + 1)...].reduce(1, *)
    }

    /// Calls `body` with every line along the axis, on the team: where it starts, and how far apart its elements are.
    func forEachLine(_ body: (_ start: Int, _ step: Int) -> Void) {
        Parallel.forEachChunk(of: outer * inner, grain: max(1, 4096 / max(count, 1))) { lines in
            for line in lines { body(line / inner * count * inner + line % inner, inner) }
        }
    }
}
