public import AttentionTensors

/// j ≤ p and (j < sinks or p − j < window): recent keys, and the first few, which hold surplus attention.
///
/// *Source:* Xiao et al. 2024, *Efficient Streaming Language Models with Attention Sinks*, sec. 3.
public struct StreamingScope: Scope {
    /// How many keys at the beginning stay visible.
    public let sinks: Int
    /// How many recent keys are visible, the query's own included.
    public let window: Int

    /// - Throws: `ShapeError` if a count is negative.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(
            sinks >= 0 && window >= 0, "streaming", expected: "sinks and a window of at least 0",
            found: "\(sinks) and \(window)")
        return try .pairs(query, memory, positions) { p, j in j <= p && (j < sinks || p - j < window) }
    }
}

extension Scope where Self == StreamingScope {
    /// At the first `sinks` keys and the last `window` before the query, its own included.
    public static func streaming(sinks: Int, window: Int) -> StreamingScope {
        StreamingScope(sinks: sinks, window: window)
    }
}

extension StreamingScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "streaming", "Streaming with attention sinks", .scope,
        formula: "j ≤ p and (j < sinks or p − j < window)",
        cost: "O(Q(sinks + window))", use: "Endless text with a cache of constant size.",
        source: "Xiao et al. 2024, Efficient Streaming Language Models with Attention Sinks, sec. 3",
        options: [.integer("sinks"), .integer("window"), .offset],
        example: PartExample(["sinks": .number(1), "window": .number(3)])
    ) { request in
        try request.shifted(
            StreamingScope.streaming(sinks: request.options.integer("sinks"), window: request.options.integer("window"))
        )
    }
}
