public import AttentionTensors

/// On an image whose positions are y · width + x: the query's own row, its column, or both.
///
/// *Source:* Ho et al. 2019, *Axial Attention in Multidimensional Transformers*; the cross: Huang et al. 2019, *CCNet*.
public struct AxialScope: Scope {
    /// What is seen of the image.
    public enum Axis: String, Sendable, Hashable, CaseIterable {
        /// Positions of equal y.
        case row
        /// Positions of equal x.
        case column
        /// Either.
        case cross
    }

    /// The number of rows.
    public let height: Int
    /// The number of columns.
    public let width: Int
    /// What is seen.
    public let axis: Axis

    /// - Throws: `ShapeError` unless all positions are on the image.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let grid = Grid(height: height, width: width)
        try grid.check("axial", query: query.shape, keyCount: memory.keyCount, positions)
        return try .pairs(query, memory, positions) { p, j in
            let (mine, theirs) = (grid.place(of: p), grid.place(of: j))
            return switch axis {
            case .row: mine.y == theirs.y
            case .column: mine.x == theirs.x
            case .cross: mine.y == theirs.y || mine.x == theirs.x
            }
        }
    }
}

extension Scope where Self == AxialScope {
    /// At the query's row, column or both, on an image of this size.
    public static func axial(_ axis: AxialScope.Axis, height: Int, width: Int) -> AxialScope {
        AxialScope(height: height, width: width, axis: axis)
    }
}

extension AxialScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "axial", "Axial and criss-cross", .scope,
        formula: "y_i = y_j, x_i = x_j, or either",
        cost: "O(L√L) for a square image", use: "Images: rows and columns in turn see everything in two steps.",
        source: "Ho et al. 2019, Axial Attention; Huang et al. 2019, CCNet",
        options: [.choice("axis", Axis.self), .integer("height", .size), .integer("width", .size), .offset],
        example: PartExample(["height": .number(3), "width": .number(4), "axis": .text("cross")])
    ) { request in
        try request.shifted(
            AxialScope.axial(
                request.options.choice("axis"), height: request.options.integer("height"),
                width: request.options.integer("width")))
    }
}
