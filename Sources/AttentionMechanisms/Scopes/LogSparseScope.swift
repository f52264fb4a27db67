public import AttentionTensors

/// p − j ∈ {0, 1, 2, 4, 8, …}: O(log p) keys per query.
///
/// *Source:* Li et al. 2019, *Enhancing the Locality and Breaking the Memory Bottleneck of Transformer*, sec. 4.2.
public struct LogSparseScope: Scope {
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try .pairs(query, memory, positions) { p, j in
            j <= p && (p - j) & (p - j - 1) == 0
        }
    }
}

extension Scope where Self == LogSparseScope {
    /// At itself and at the keys 1, 2, 4, 8, … before.
    public static var logSparse: LogSparseScope { LogSparseScope() }
}
