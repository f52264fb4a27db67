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
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        scores + (try bias(of: ScoreGrid(scores.shape, positions)))
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? { [.bias(try bias(of: scores))] }

    /// [H, Q, K], or [B, H, Q, K] where items stand differently.
    private func bias(of scores: ScoreGrid) throws(ShapeError) -> Tensor {
        let (heads, queryCount, keyCount) = (scores.headCount, scores.queryCount, scores.keyCount)
        let grid = Grid(height: height, width: width)
        try grid.check(
            "relativeBias2D", query: [scores.rowCount, heads, queryCount], keyCount: keyCount, scores.positions)
        let rowCount = (2 * height - 1) * (2 * width - 1)
        try require(
            relativeTable.shape == [rowCount, heads], "relativeBias2D", expected: "a table [\(rowCount), \(heads)]",
            found: "\(relativeTable.shape)")
        let places = try scores.positions.table("relativeBias2D", rowCount: scores.rowCount, count: queryCount)
        let rows = places.values.flatMap { p in
            let mine = grid.place(of: p)
            return (0..<keyCount).map { j in
                let theirs = grid.place(of: j)
                return (mine.y - theirs.y + height - 1) * (2 * width - 1) + mine.x - theirs.x + width - 1
            }
        }
        let biases = try relativeTable.rows(rows, shape: [places.rowCount, queryCount, keyCount]).permuted([0, 3, 1, 2])
        return places.rowCount == 1 ? try biases.squeezed(axis: 0) : biases
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

extension RelativeBias2DModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "relative_bias_2d", "2-D relative position bias", .modifier,
        formula: "s + table[(dy + h − 1)(2w − 1) + dx + w − 1, head]", cost: "O(L²)",
        use: "Images and windows of images.", source: "Liu et al. 2021, Swin Transformer, eq. 4",
        options: [.integer("height", .size), .integer("width", .size), .offset],
        example: PartExample(["height": .number(3), "width": .number(4)]) {
            $0.parameters(["relative_table": [35, 1]])
        }
    ) { request in
        try request.shifted(
            RelativeBias2DModifier(
                height: request.options.integer("height"), width: request.options.integer("width"),
                relativeTable: request.tensor("relative_table")))
    }
}
