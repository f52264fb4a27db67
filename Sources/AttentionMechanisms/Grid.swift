internal import AttentionTensors

/// Positions laid out as an image, row-major: position = y · width + x.
struct Grid: Sendable, Hashable {
    let height: Int
    let width: Int

    var count: Int { height * width }

    /// The row y and the column x of a position.
    func place(of position: Int) -> (y: Int, x: Int) { (position / width, position % width) }

    /// - Throws: `ShapeError` in the name of `operation` unless all queries and keys stand on the grid.
    func check(
        _ operation: String, query: Shape, keyCount: Int, _ positions: Positions
    ) throws(ShapeError) {
        try require(
            height >= 1 && width >= 1, operation, expected: "a grid of at least 1 × 1", found: "\(height) × \(width)")
        let places = try positions.table(operation, rowCount: query[0], count: query[2])
        try require(
            places.values.allSatisfy { (0..<count).contains($0) } && keyCount <= count, operation,
            expected: "positions on the grid \(height) × \(width)",
            found: "\(places.count) queries \(positions) on and \(keyCount) keys")
    }
}
