import Tracing

/// Where the time of a request went, as spans of whatever the application traces with (swift-distributed-tracing): children of the span that is open, such as
/// Hummingbird's `TracingMiddleware` opens for each request. Nothing is noted where nobody traces.
enum RequestSpans {
    /// Notes that rows waited in the queue of a model and were computed just now.
    static func note(waited: Duration, computed: Duration, model: String?, rows: Int, tokens: Int) {
        let end = DefaultTracerClock.now.nanosecondsSinceEpoch
        let taken = end - nanoseconds(computed)
        note("attention.queue", from: taken - nanoseconds(waited), to: taken, model, rows, tokens)
        note("attention.compute", from: taken, to: end, model, rows, tokens)
    }

    private static func note(
        _ name: String, from start: UInt64, to end: UInt64, _ model: String?, _ rows: Int, _ tokens: Int
    ) {
        let span = startSpan(name, at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: start))
        span.updateAttributes { attributes in
            attributes["attention.model"] = model
            attributes["attention.rows"] = rows
            attributes["attention.tokens"] = tokens
        }
        span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: end))
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 { UInt64(max(0, duration.seconds) * 1e9) }
}
