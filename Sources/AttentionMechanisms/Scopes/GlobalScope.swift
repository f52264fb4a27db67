public import AttentionTensors

/// Every query may look at every key.
///
/// *Source:* Bahdanau, Cho & Bengio 2015; called global by Luong, Pham & Manning 2015, sec. 3.1.
public struct GlobalScope: Scope {
    public func region(query: Tensor, memory: Memory, positions: Positions) -> Region { .everywhere }
}

extension Scope where Self == GlobalScope {
    /// Everywhere.
    public static var global: GlobalScope { GlobalScope() }
}

extension GlobalScope {
    /// Padding as a scope: everywhere, since it belongs to the data, and the memory keeps it as `lengths`.
    public static let padding = ScopeDescriptor(
        "padding", "Padding", .scope,
        formula: "j < key_lengths[b]; i < query_lengths[b]", cost: "O(B)",
        use: "Batches of sequences of different lengths. Padding is never seen and takes no gradient.",
        source: "Bahdanau, Cho & Bengio 2015; common practice",
        example: PartExample { ["key_lengths": .integers([$0.length * 2 / 3], shape: [1])] }
    ) { _ in GlobalScope.global }
}
