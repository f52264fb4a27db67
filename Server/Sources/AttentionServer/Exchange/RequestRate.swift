internal import Synchronization

/// How many requests each client may send: so many a second, and as many at once as ten seconds bring. Whoever has a key counts by the key,
/// others by their address.
final class RequestRate: Sendable {
    private struct Bucket {
        var requests: Double
        var last: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// How many clients are remembered; those that have asked for nothing in a while are forgotten when there are more.
    private static var clientLimit: Int { 65_536 }

    init(perSecond: Double) { self.perSecond = perSecond }

    private var most: Double { max(1, 10 * perSecond) }

    /// Takes one request of a client.
    /// - Throws: `RouteError` if it has sent too many.
    func take(_ client: String, at now: ContinuousClock.Instant = .now) throws(RouteError) {
        let wait = buckets.withLock { buckets -> Double in
            if buckets.count >= Self.clientLimit {
                buckets = buckets.filter { (now - $0.value.last).seconds * perSecond < most }
            }
            var bucket = buckets[client] ?? Bucket(requests: most, last: now)
            bucket.requests = min(most, bucket.requests + (now - bucket.last).seconds * perSecond)
            bucket.last = now
            let isAdmitted = bucket.requests >= 1
            if isAdmitted { bucket.requests -= 1 }
            buckets[client] = bucket
            return isAdmitted ? 0 : (1 - bucket.requests) / perSecond
        }
        guard wait > 0 else { return }
        throw RouteError(
            .overloaded(retryAfter: max(1, Int(wait.rounded(.up)))),
            "expected at most \(perSecond) requests a second, found more; wait a little")
    }
}
