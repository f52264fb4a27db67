public import AttentionTensors

/// |p − j| ≤ window, or p or j is global: global places see all and are seen by all.
///
/// *Source:* Beltagy, Peters & Cohan 2020, *Longformer*, sec. 3.1 (their window size is 2 · `window`).
public struct LongformerScope: Scope {
    /// How far a place that is not global sees, on each side.
    public let window: Int
    /// [B, K]: the global places.
    public let globalMask: Mask

    /// - Throws: `ShapeError` unless the window is at least 0 and the mask [B, K] covers every query.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let (batch, keyCount) = (query.shape[0], memory.keyCount)
        try require(window >= 0, "longformer", expected: "a window of at least 0", found: "\(window)")
        try require(
            globalMask.shape == [batch, keyCount], "longformer", expected: "a mask [\(batch), \(keyCount)]",
            found: "\(globalMask.shape)")
        let places = try positions.table("longformer", rowCount: batch, count: query.shape[2])
        try require(
            places.values.allSatisfy { (0..<keyCount).contains($0) }, "longformer",
            expected: "queries at places of the \(keyCount) keys", found: "\(query.shape[2]) \(positions) on")
        return try .pairsOfItems(query, memory, positions) { item, p, j in
            abs(p - j) <= window || globalMask[item, j] || globalMask[item, p]
        }
    }
}

extension Scope where Self == LongformerScope {
    /// At neighbours up to `window` away, and at the places that `globalMask` [B, K] names, which look everywhere.
    public static func longformer(window: Int, globalMask: Mask) -> LongformerScope {
        LongformerScope(window: window, globalMask: globalMask)
    }
}

extension LongformerScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "longformer", "Longformer", .scope,
        formula: "|i − j| ≤ w, or i or j is global",
        cost: "O(Q(w + globals))",
        use: "Long documents with a few places that must see all: questions, class tokens.",
        source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1",
        options: [.integer("window"), .offset],
        example: PartExample(["window": .number(1)]) { material in
            ["global_mask": .truths(try Mask((0..<material.length).map { $0 == 0 }, shape: [1, material.length]))]
        }
    ) { request in
        try request.shifted(
            LongformerScope.longformer(
                window: request.options.integer("window"), globalMask: request.mask("global_mask")))
    }
}
