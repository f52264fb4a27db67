public import AttentionTensors

/// On an image: windows of M × M positions, shifted cyclically by s.
///
/// Per axis of size n, with y' = (y − s) mod n: cell = ⌊y' / M⌋, and region = 0 if y' < n − M, 1 if y' < n − s, else 2 (always 0 when
/// s = 0), which keeps apart what only the cyclic shift made neighbours. Positions meet when cell and region agree on both axes.
///
/// *Source:* Liu et al. 2021, *Swin Transformer*, sec. 3.2.
public struct SwinScope: Scope {
    /// The number of rows.
    public let height: Int
    /// The number of columns.
    public let width: Int
    /// M, which divides height and width.
    public let window: Int
    /// s.
    public let shift: Int

    /// - Throws: `ShapeError` unless the window divides the image, the shift is less than it, and all positions are on the image.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let grid = Grid(height: height, width: width)
        try grid.check("swin", query: query.shape, keyCount: memory.keyCount, positions)
        try require(
            window >= 1 && height % window == 0 && width % window == 0, "swin",
            expected: "a window that divides \(height) × \(width)", found: "\(window)")
        try require((0..<window).contains(shift), "swin", expected: "a shift of 0..<\(window)", found: "\(shift)")
        let places = try positions.table("swin", rowCount: query.shape[0], count: query.shape[2])
        let groups = (0..<max((places.values.max() ?? -1) + 1, memory.keyCount)).map(group)
        return try .pairs(query, memory, positions) { p, j in groups[p] == groups[j] }
    }

    /// Which positions a position meets: those of its group.
    package struct Group: Equatable {
        private let row: Cell
        private let column: Cell

        fileprivate init(row: Cell, column: Cell) { (self.row, self.column) = (row, column) }
    }

    fileprivate struct Cell: Equatable {
        let index: Int
        let region: Int
    }

    /// The group of a position.
    package func group(of position: Int) -> Group {
        let (y, x) = Grid(height: height, width: width).place(of: position)
        return Group(row: cell(of: y, size: height), column: cell(of: x, size: width))
    }

    private func cell(of y: Int, size: Int) -> Cell {
        let shifted = (y - shift + size) % size
        let region = shift == 0 || shifted < size - window ? 0 : shifted < size - shift ? 1 : 2
        return Cell(index: shifted / window, region: region)
    }
}

extension Scope where Self == SwinScope {
    /// At the query's window of an image of this size, the windows shifted by `shift`.
    public static func swin(height: Int, width: Int, window: Int, shift: Int = 0) -> SwinScope {
        SwinScope(height: height, width: width, window: window, shift: shift)
    }
}

extension SwinScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "swin", "Shifted windows", .scope,
        formula: "cell and region of i and j agree on both axes",
        cost: "O(LM²)", use: "Images in linear time; shifting every other layer connects the windows.",
        source: "Liu et al. 2021, Swin Transformer, sec. 3.2",
        options: [
            .integer("height", .size), .integer("width", .size), .integer("window", .size),
            .integer("shift", default: 0), .offset,
        ],
        example: PartExample(["height": .number(2), "width": .number(6), "window": .number(2), "shift": .number(1)])
    ) { request in
        try request.shifted(
            SwinScope.swin(
                height: request.options.integer("height"), width: request.options.integer("width"),
                window: request.options.integer("window"), shift: request.options.integer("shift")))
    }
}
