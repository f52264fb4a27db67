internal import AttentionTensors

/// Positions laid out as an image, row-major: position = y · width + x.
struct Grid: Sendable, Hashable {
    let height: Int
    let width: Int

    var count: Int { height * width }

    /// The row y and the column x of a position.
    func place(of position: Int) -> (y: Int, x: Int) { (position / width, position % width) }

    /// - Throws: `ShapeError` in the name of `operation` unless all queries and keys stand on the grid.
    func check(_ operation: String, queryCount: Int, keyCount: Int, offset: Int) throws(ShapeError) {
        try require(
            height >= 1 && width >= 1, operation, expected: "a grid of at least 1 × 1", found: "\(height) × \(width)")
        try require(
            offset >= 0 && offset + queryCount <= count && keyCount <= count, operation,
            expected: "positions on the grid \(height) × \(width)",
            found: "\(queryCount) queries from \(offset) on and \(keyCount) keys")
    }
}
