public import AttentionTensors

/// i < lengths[item]: queries behind the end of their sequence look at nothing, and read zeros.
public struct QueryPaddingScope: Scope {
    /// How many queries of each item are real.
    public let lengths: [Int]

    /// - Throws: `ShapeError` unless there is one length of at least 0 per item.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let (batch, queryCount) = (query.shape[0], query.shape[2])
        try require(
            lengths.count == batch && lengths.allSatisfy { $0 >= 0 }, "queryPadding",
            expected: "\(batch) lengths of at least 0", found: "\(lengths)")
        return .mask(
            Mask(
                shape: [batch, 1, queryCount, 1],
                bytes: lengths.flatMap { length in (0..<queryCount).map { $0 < length ? 1 : 0 } }))
    }
}

extension Scope where Self == QueryPaddingScope {
    /// Nowhere for the queries behind these lengths, one per item.
    public static func queryPadding(lengths: [Int]) -> QueryPaddingScope { QueryPaddingScope(lengths: lengths) }
}

extension QueryPaddingScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "query_padding", "Query padding", .scope,
        formula: "i < query_lengths[b]", cost: "O(BQ)",
        use: "Queries that are padding themselves: they look at nothing and return zeros.",
        source: "Common practice",
        options: [.offset],
        example: PartExample { ["query_lengths": .integers([$0.length * 2 / 3], shape: [1])] }
    ) { request in
        try request.shifted(QueryPaddingScope.queryPadding(lengths: request.integers("query_lengths").values))
    }
}
