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
