public import AttentionTensors

/// j ≤ p: a query may look at itself and what came before.
///
/// *Source:* Vaswani et al. 2017, *Attention Is All You Need*, sec. 3.2.3.
public struct CausalScope: Scope {
    /// Where the block of queries stands among the keys.
    public enum Alignment: Sendable, Hashable {
        /// At the positions of the call: without any, query 0 sees key 0 alone, even when Q ≠ K.
        case positions
        /// At the end, whatever the positions of the call: the last query sees every key. If Q > K, the first Q − K see none.
        ///
        /// *Source:* Dao 2023, *FlashAttention-2*, as released from version 2.1 on.
        case bottomRight
    }

    /// Where the block of queries stands among the keys.
    public let alignment: Alignment

    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        switch alignment {
        case .positions: try .band(query, memory, positions, left: nil, right: 0)
        case .bottomRight: .causal(offset: memory.keyCount - query.shape[2])
        }
    }
}

extension Scope where Self == CausalScope {
    /// At itself and what came before.
    public static var causal: CausalScope { CausalScope(alignment: .positions) }

    /// At itself and what came before, the queries aligned as stated.
    public static func causal(alignment: CausalScope.Alignment) -> CausalScope { CausalScope(alignment: alignment) }
}

extension CausalScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "causal", "Causal", .scope,
        formula: "j ≤ p", cost: "O(1)",
        use: "Models that write from left to right: no query sees what comes after it.",
        source: "Vaswani et al. 2017, Attention Is All You Need, sec. 3.2.3",
        options: [.choice("alignment", NamedAlignment.self, default: .topLeft), .offset]
    ) { request in
        try request.shifted(
            CausalScope.causal(alignment: (request.options.choice("alignment") as NamedAlignment).value))
    }
}

extension CausalScope {
    /// The alignments as options name them.
    private enum NamedAlignment: String, CaseIterable {
        case topLeft = "top_left"
        case bottomRight = "bottom_right"

        var value: Alignment { self == .topLeft ? .positions : .bottomRight }
    }
}
