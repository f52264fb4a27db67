public import AttentionTensors

/// j ≤ p or j < lengths[item]: causal, but a prefix of each sequence is seen by all.
///
/// *Source:* Raffel et al. 2020, *Exploring the Limits of Transfer Learning* (T5), fig. 4.
public struct PrefixScope: Scope {
    /// How long the prefix of each item is.
    public let lengths: [Int]

    /// - Throws: `ShapeError` unless there is one length of at least 0 per item.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(
            lengths.count == query.shape[0] && lengths.allSatisfy { $0 >= 0 }, "prefix",
            expected: "\(query.shape[0]) lengths of at least 0", found: "\(lengths)")
        return try .pairsOfItems(query, memory, positions) { item, p, j in j <= p || j < lengths[item] }
    }
}

extension Scope where Self == PrefixScope {
    /// At what came before and at a prefix of these lengths, one per item.
    public static func prefix(lengths: [Int]) -> PrefixScope { PrefixScope(lengths: lengths) }
}

extension PrefixScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "prefix", "Prefix", .scope,
        formula: "j ≤ p or j < prefix_lengths[b]", cost: "O(BQK)",
        use: "A prompt is read in both directions, its continuation written from left to right.",
        source: "Raffel et al. 2020, T5, fig. 4",
        options: [.offset],
        example: PartExample { ["prefix_lengths": .integers([$0.length / 2], shape: [1])] }
    ) { request in try request.shifted(PrefixScope.prefix(lengths: request.integers("prefix_lengths").values)) }
}
