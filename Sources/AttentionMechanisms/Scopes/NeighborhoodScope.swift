public import AttentionTensors

/// On an image: the K × K positions around the query, pushed inwards at the borders, so that every query sees equally many.
///
/// Per axis of size n, with K capped at n: start = clamp(y − ⌊K/2⌋, 0, n − K), and start ≤ y_j < start + K is visible.
///
/// *Source:* Hassani et al. 2023, *Neighborhood Attention Transformer*, sec. 3.
public struct NeighborhoodScope: Scope {
    /// The number of rows.
    public let height: Int
    /// The number of columns.
    public let width: Int
    /// K.
    public let kernel: Int

    /// - Throws: `ShapeError` unless the kernel is at least 1 and all positions are on the image.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let grid = Grid(height: height, width: width)
        try grid.check("neighborhood", query: query.shape, keyCount: memory.keyCount, positions)
        try require(kernel >= 1, "neighborhood", expected: "a kernel of at least 1", found: "\(kernel)")
        return try .pairs(query, memory, positions) { p, j in
            let (mine, theirs) = (grid.place(of: p), grid.place(of: j))
            return neighbours(of: mine.y, size: height).contains(theirs.y)
                && neighbours(of: mine.x, size: width).contains(theirs.x)
        }
    }

    private func neighbours(of y: Int, size: Int) -> Range<Int> {
        let count = min(kernel, size)
        let start = min(max(y - kernel / 2, 0), size - count)
        return start..<start + count
    }
}

extension Scope where Self == NeighborhoodScope {
    /// At the `kernel` × `kernel` positions around the query on an image of this size.
    public static func neighborhood(height: Int, width: Int, kernel: Int) -> NeighborhoodScope {
        NeighborhoodScope(height: height, width: width, kernel: kernel)
    }
}

extension NeighborhoodScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "neighborhood", "Neighbourhood", .scope,
        formula: "start ≤ y_j < start + K, start = clamp(y_i − ⌊K/2⌋, 0, n − K), likewise x", cost: "O(LK²)",
        use: "Images: every pixel sees equally many around it, at the borders too.",
        source: "Hassani et al. 2023, Neighborhood Attention Transformer, sec. 3",
        options: [.integer("height", .size), .integer("width", .size), .integer("kernel", .size), .offset],
        example: PartExample(["height": .number(3), "width": .number(4), "kernel": .number(3)])
    ) { request in
        try request.shifted(
            NeighborhoodScope.neighborhood(
                height: request.options.integer("height"), width: request.options.integer("width"),
                kernel: request.options.integer("kernel")))
    }
}
