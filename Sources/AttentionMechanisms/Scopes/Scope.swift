public import AttentionTensors

/// Where a query may look, by position. Padding is not a scope: it belongs to the memory.
public protocol Scope: Sendable {
    /// The region for queries [B, H, Q, D], whose first stands at position `offset` of the keys [B, Hkv, K, D].
    ///
    /// Most scopes ask only for the counts; scores are never asked.
    /// - Throws: `ShapeError` if the scope cannot cover these counts.
    func region(query: Tensor, keys: Tensor, offset: Int) throws(ShapeError) -> Region
}

/// Every query may look at every key.
///
/// *Source:* Bahdanau, Cho & Bengio 2015; called global by Luong, Pham & Manning 2015, sec. 3.1.
public struct GlobalScope: Scope {
    public func region(query: Tensor, keys: Tensor, offset: Int) -> Region { .everywhere }
}

/// Query i may look at keys 0 … i + offset: at itself and what came before.
///
/// *Source:* Vaswani et al. 2017, sec. 3.2.3.
public struct CausalScope: Scope {
    public func region(query: Tensor, keys: Tensor, offset: Int) -> Region { .causal(offset: offset) }
}

extension Scope where Self == GlobalScope {
    /// Everywhere.
    public static var global: GlobalScope { GlobalScope() }
}

extension Scope where Self == CausalScope {
    /// At itself and what came before.
    public static var causal: CausalScope { CausalScope() }
}
