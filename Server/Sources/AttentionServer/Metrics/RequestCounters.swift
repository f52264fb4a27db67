import HTTPTypes
internal import Synchronization

/// What is counted of requests: how many by route and status, how long they waited and took, how many tokens were read and written.
///
/// A series is looked for by its labels once and known from then on: a server that is full refuses more requests than it answers, and has to count
/// them all.
final class RequestCounters: Sendable {
    private struct Answers: Hashable {
        let route: String
        let status: Int
    }

    private struct ModelSeries {
        let waited, computed, rows, tokens, writtenTokens: PrometheusSeries
    }

    private struct Known {
        var answers: [Answers: PrometheusSeries] = [:]
        var took: [String: PrometheusSeries] = [:]
        var models: [String: ModelSeries] = [:]
    }

    private let metrics: PrometheusMetrics
    private let known = Mutex(Known())

    init(_ metrics: PrometheusMetrics) { self.metrics = metrics }

    func count(_ endpoint: Endpoint, _ status: HTTPResponse.Status, _ noted: RequestNotes.Noted, took: Duration) {
        let (answers, duration) = series(of: endpoint.path, status.code)
        answers.increment(by: 1 as Int64)
        duration.recordNanoseconds(took.nanoseconds)
        guard let model = noted.model, noted.rows > 0 else { return }
        let series = series(of: model)
        series.waited.recordNanoseconds(noted.waited.nanoseconds)
        series.computed.recordNanoseconds(noted.computed.nanoseconds)
        series.rows.increment(by: Int64(noted.rows))
        series.tokens.increment(by: Int64(noted.tokens))
        series.writtenTokens.increment(by: Int64(noted.writtenTokens))
    }

    private func series(of route: String, _ status: Int) -> (answers: PrometheusSeries, took: PrometheusSeries) {
        known.withLock { known in
            let key = Answers(route: route, status: status)
            let answers =
                known.answers[key]
                ?? metrics.series(
                    "attention_requests_total", [("route", route), ("status", "\(status)")], .counter)
            let took =
                known.took[route] ?? metrics.series("attention_request_seconds", [("route", route)], .histogram)
            (known.answers[key], known.took[route]) = (answers, took)
            return (answers, took)
        }
    }

    private func series(of model: String) -> ModelSeries {
        known.withLock { known in
            if let series = known.models[model] { return series }
            let labels = [("model", model)]
            let series = ModelSeries(
                waited: metrics.series("attention_queue_seconds", labels, .histogram),
                computed: metrics.series("attention_compute_seconds", labels, .histogram),
                rows: metrics.series("attention_rows_total", labels, .counter),
                tokens: metrics.series("attention_tokens_total", labels, .counter),
                writtenTokens: metrics.series("attention_written_tokens_total", labels, .counter))
            known.models[model] = series
            return series
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { Int64(seconds * 1e9) }
}
