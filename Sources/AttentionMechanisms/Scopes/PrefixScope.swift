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
