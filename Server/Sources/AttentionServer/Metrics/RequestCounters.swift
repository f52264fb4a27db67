import HTTPTypes
import Metrics

/// What is counted of requests: how many by route and status, how long they waited and took, how many tokens were read and written.
struct RequestCounters: Sendable {
    private let factory: PrometheusMetrics

    init(_ factory: PrometheusMetrics) { self.factory = factory }

    func count(_ endpoint: Endpoint, _ status: HTTPResponse.Status, _ noted: RequestNotes.Noted, took: Duration) {
        let route = ("route", endpoint.path)
        Counter(
            label: "attention_requests_total", dimensions: [route, ("status", "\(status.code)")], factory: factory
        ).increment()
        time("attention_request_seconds", [route], took)
        guard let model = noted.model, noted.rows > 0 else { return }
        let dimension = ("model", model)
        time("attention_queue_seconds", [dimension], noted.waited)
        time("attention_compute_seconds", [dimension], noted.computed)
        Counter(label: "attention_rows_total", dimensions: [dimension], factory: factory).increment(by: noted.rows)
        Counter(label: "attention_tokens_total", dimensions: [dimension], factory: factory).increment(by: noted.tokens)
        Counter(label: "attention_written_tokens_total", dimensions: [dimension], factory: factory)
            .increment(by: noted.writtenTokens)
    }

    private func time(_ label: String, _ dimensions: [(String, String)], _ duration: Duration) {
        Timer(label: label, dimensions: dimensions, factory: factory).recordNanoseconds(
            Int64(duration.seconds * 1e9))
    }
}
