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

extension LogSparseScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "log_sparse", "Log-sparse", .scope,
        formula: "p − j ∈ {0, 1, 2, 4, 8, …}", cost: "O(Q log K)",
        use: "Time series: the past at exponentially growing steps; log K layers reach all of it.",
        source: "Li et al. 2019, Enhancing the Locality of Transformer on Time Series, sec. 4.2",
        options: [.offset]
    ) { request in try request.shifted(LogSparseScope.logSparse) }
}
