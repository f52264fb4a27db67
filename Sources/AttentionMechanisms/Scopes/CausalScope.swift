public import AttentionTensors

/// j ≤ p: a query may look at itself and what came before.
///
/// *Source:* Vaswani et al. 2017, *Attention Is All You Need*, sec. 3.2.3.
public struct CausalScope: Scope {
    /// Where the block of queries stands among the keys.
    public enum Alignment: Sendable, Hashable {
        /// At the offset of the call: with none, query 0 sees key 0 alone, even when Q ≠ K.
        case offset
        /// At the end, whatever the offset of the call: the last query sees every key. If Q > K, the first Q − K see none.
        ///
        /// *Source:* Dao 2023, *FlashAttention-2*, as released from version 2.1 on.
        case bottomRight
    }

    /// Where the block of queries stands among the keys.
    public let alignment: Alignment

    public func region(query: Tensor, keys: Tensor, offset: Int) -> Region {
        switch alignment {
        case .offset: .causal(offset: offset)
        case .bottomRight: .causal(offset: keys.shape[2] - query.shape[2])
        }
    }
}

extension Scope where Self == CausalScope {
    /// At itself and what came before.
    public static var causal: CausalScope { CausalScope(alignment: .offset) }

    /// At itself and what came before, the queries aligned as stated.
    public static func causal(alignment: CausalScope.Alignment) -> CausalScope { CausalScope(alignment: alignment) }
}
