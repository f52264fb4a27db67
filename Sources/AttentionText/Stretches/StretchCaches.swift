import Synchronization

/// Caches that the copies of a tokenizer share: each call takes one that is free, so none waits while another computes.
///
/// The fullest is taken first. Those that only many calls at once have brought about stay as small as they are seldom needed, rather than learn in the
/// course of time what the others know.
final class StretchCaches: Sendable {
    /// The fullest last.
    private let free = Mutex<[StretchCache]>([])

    /// Lends a cache to `body`.
    func withCache<Result>(_ body: (inout StretchCache) -> Result) -> Result {
        var cache = free.withLock { $0.popLast() } ?? StretchCache()
        defer {
            free.withLock { caches in
                let place = caches.firstIndex { $0.entryCount > cache.entryCount } ?? caches.endIndex
                caches.insert(cache, at: place)
            }
        }
        return body(&cache)
    }
}
