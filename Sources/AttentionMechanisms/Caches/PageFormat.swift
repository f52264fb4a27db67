/// How a cache keeps its numbers.
public enum PageFormat: String, Sendable, Hashable, CaseIterable {
    /// As they are.
    case float32
    /// Rounded to bfloat16, 8 significant bits: half the memory.
    case bfloat16
    /// As integers of −127 … 127 times one scale for each key, or value, of each head: a quarter of the memory.
    case int8

    /// The bytes that vectors of `size` numbers take, `count` of them, scales included.
    func byteCount(_ count: Int, size: Int) -> Int {
        switch self {
        case .float32: 4 * count * size
        case .bfloat16: 2 * count * size
        case .int8: (count * size + 3) / 4 * 4 + 4 * count
        }
    }
}

/// How far back a cache remembers.
public struct CacheWindow: Sendable, Hashable {
    /// How many positions a query looks back at, its own included.
    public let size: Int
    /// How many positions at the beginning are kept for ever (Xiao et al. 2024).
    public let sinks: Int

    /// The last `size` positions and the first `sinks`. Use it with a scope that looks no further, such as `.streaming` or
    /// `.slidingWindow`: what was dropped can be seen by nobody.
    public init(_ size: Int, sinks: Int = 0) {
        self.size = max(1, size)
        self.sinks = max(0, sinks)
    }
}
