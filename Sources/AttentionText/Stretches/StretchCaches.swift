import Synchronization

/// Caches that the copies of a tokenizer share: each call takes one that is free, so none waits while another computes.
final class StretchCaches: Sendable {
    private let free = Mutex<[StretchCache]>([])

    /// Lends a cache to `body`.
    func withCache<Result>(_ body: (inout StretchCache) -> Result) -> Result {
        var cache = free.withLock { $0.popLast() } ?? StretchCache()
        defer { free.withLock { $0.append(cache) } }
        return body(&cache)
    }
}
