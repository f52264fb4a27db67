public import AttentionTensors

/// p − left ≤ j ≤ p + right: a query may look at its neighbours.
///
/// *Source:* Beltagy, Peters & Cohan 2020, *Longformer*, sec. 3.1; symmetric, it is the local-m attention of Luong, Pham & Manning
/// 2015, sec. 3.2 (their D is the half-width, and their window stands at step t).
public struct SlidingWindowScope: Scope {
    /// How many keys before the query's own; nil for all.
    public let left: Int?
    /// How many keys after the query's own; nil for all.
    public let right: Int?

    /// - Throws: `ShapeError` if a count is negative.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        for count in [left, right].compactMap(\.self) {
            try require(count >= 0, "slidingWindow", expected: "at least 0 neighbours on a side", found: "\(count)")
        }
        return try .band(query, memory, positions, left: left, right: right)
    }
}

extension Scope where Self == SlidingWindowScope {
    /// At up to `left` keys before and `right` keys after the query's own; nil leaves a side open.
    public static func slidingWindow(left: Int?, right: Int?) -> SlidingWindowScope {
        SlidingWindowScope(left: left, right: right)
    }

    /// Luong's local-m: at keys no further than `halfWidth` from the query's own place. Steps whose window misses the source see nothing.
    public static func localM(halfWidth: Int) -> SlidingWindowScope {
        SlidingWindowScope(left: halfWidth, right: halfWidth)
    }
}

extension SlidingWindowScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "sliding_window", "Sliding window", .scope,
        formula: "p − left ≤ j ≤ p + right",
        cost: "O(Q(left + right))", use: "Long sequences where neighbours matter most; layers widen the reach.",
        source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1",
        options: [.integer("left", .from(-1)), .integer("right", .from(-1)), .offset],
        example: PartExample(["left": .number(2), "right": .number(1)])
    ) { request in
        try request.shifted(
            SlidingWindowScope.slidingWindow(left: side("left", request), right: side("right", request)))
    }
}

extension SlidingWindowScope {
    /// What there is to know of `localM`, a window as wide to either side.
    public static let local = ScopeDescriptor(
        "local_m", "Local monotonic (local-m)", .scope,
        formula: "|j − p| ≤ half_width",
        cost: "O(Q · half_width)", use: "Translation between languages of like word order; p_t = t.",
        source: "Luong, Pham & Manning 2015, sec. 3.2",
        options: [.integer("half_width"), .offset],
        example: PartExample(["half_width": .number(2)])
    ) { request in try request.shifted(SlidingWindowScope.localM(halfWidth: request.options.integer("half_width"))) }
}

extension SlidingWindowScope {
    /// One side of a window; −1 leaves it open.
    private static func side(_ name: String, _ request: Request) throws -> Int? {
        let side = try request.options.integer(name)
        return side == -1 ? nil : side
    }
}
