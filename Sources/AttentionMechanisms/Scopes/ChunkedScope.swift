public import AttentionTensors

/// ⌊p/chunk⌋ = ⌊j/chunk⌋, and j ≤ p if causal: each chunk keeps to itself.
///
/// *Source:* block-local attention as in Qiu et al. 2020, *Blockwise Self-Attention*; the chunks of Llama 4.
public struct ChunkedScope: Scope {
    /// The size of a chunk.
    public let chunk: Int
    /// Whether a query may not look ahead.
    public let isCausal: Bool

    /// - Throws: `ShapeError` unless the chunk is at least 1.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(chunk >= 1, "chunked", expected: "a chunk of at least 1", found: "\(chunk)")
        return try .pairs(query, memory, positions) { p, j in
            p >= 0 && p / chunk == j / chunk && (j <= p || !isCausal)
        }
    }
}

extension Scope where Self == ChunkedScope {
    /// At the query's own chunk of `chunk` keys, and nothing after the query if `causal`.
    public static func chunked(_ chunk: Int, causal: Bool = true) -> ChunkedScope {
        ChunkedScope(chunk: chunk, isCausal: causal)
    }
}

extension ChunkedScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "chunked", "Chunked", .scope,
        formula: "⌊p/chunk⌋ = ⌊j/chunk⌋, and j ≤ p if causal",
        cost: "O(Q · chunk)", use: "Each chunk for itself; other layers pass information between chunks.",
        source: "Qiu et al. 2020, Blockwise Self-Attention; Llama 4",
        options: [.integer("chunk"), .truth("causal", default: true), .offset],
        example: PartExample(["chunk": .number(4)])
    ) { request in
        try request.shifted(
            ChunkedScope.chunked(request.options.integer("chunk"), causal: request.options.truth("causal")))
    }
}
