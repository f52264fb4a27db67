public import AttentionTensors

/// On an image of h × w positions: s_ij + table[(dy + h − 1)(2w − 1) + dx + w − 1, head] with dy = y_p − y_j and dx = x_p − x_j.
///
/// *Source:* Liu et al. 2021, *Swin Transformer*, eq. 4.
public struct RelativeBias2DModifier: Modifier {
    /// h.
    public let height: Int
    /// w.
    public let width: Int
    /// [(2h − 1)(2w − 1), H].
    public var relativeTable: Parameter

    /// A modifier with this table [(2h − 1)(2w − 1), H].
    public init(height: Int, width: Int, relativeTable: Tensor) {
        self.height = height
        self.width = width
        self.relativeTable = Parameter(relativeTable)
    }

    /// - Throws: `ShapeError` unless all positions are on the image and the table has a row per offset and a column per head.
    public func modify(scores: Tensor, query: Tensor, offset: Int) throws(ShapeError) -> Tensor {
        let grid = ScoreGrid(
            headCount: scores.shape[1], queryCount: scores.shape[2], keyCount: scores.shape[3], offset: offset)
        return scores + (try bias(of: grid))
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? { [.bias(try bias(of: scores))] }

    /// [H, Q, K].
    private func bias(of scores: ScoreGrid) throws(ShapeError) -> Tensor {
        let (heads, queryCount, keyCount, offset) = (
            scores.headCount, scores.queryCount, scores.keyCount, scores.offset
        )
        let grid = Grid(height: height, width: width)
        try grid.check("relativeBias2D", queryCount: queryCount, keyCount: keyCount, offset: offset)
        let rowCount = (2 * height - 1) * (2 * width - 1)
        try require(
            relativeTable.shape == [rowCount, heads], "relativeBias2D", expected: "a table [\(rowCount), \(heads)]",
            found: "\(relativeTable.shape)")
        let rows = (offset..<offset + queryCount).flatMap { p in
            let mine = grid.place(of: p)
            return (0..<keyCount).map { j in
                let theirs = grid.place(of: j)
                return (mine.y - theirs.y + height - 1) * (2 * width - 1) + mine.x - theirs.x + width - 1
            }
        }
        return try relativeTable.rows(rows, shape: [queryCount, keyCount]).permuted([2, 0, 1])
    }

    /// `relative_table`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try relativeTable.visit(&visitor, path / "relative_table")
    }
}

extension Modifier where Self == RelativeBias2DModifier {
    /// A bias that begins at 0 everywhere.
    public static func relativeBias2D(height: Int, width: Int, headCount: Int) -> RelativeBias2DModifier {
        let rowCount = max(0, 2 * height - 1) * max(0, 2 * width - 1)
        return RelativeBias2DModifier(
            height: height, width: width, relativeTable: .zeros([rowCount, max(0, headCount)]))
    }
}
