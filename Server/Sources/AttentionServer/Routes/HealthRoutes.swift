import AttentionJSON
import HTTPTypes
import Hummingbird
import Metrics

/// Whether the server lives, whether it takes requests, and what it has counted.
struct HealthRoutes: Sendable {
    let host: ModelHost
    let metrics: PrometheusMetrics

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/health", .embeddingsInference, "Whether requests are taken.", access: .open) { _ in
                try ready()
            },
            Endpoint(.get, "/health/live", .openAI, "Whether the process lives.", access: .open) { _ in
                .json(["status": "alive"])
            },
            Endpoint(.get, "/health/ready", .openAI, "Whether requests are taken.", access: .open) { _ in try ready() },
            Endpoint(.get, "/metrics", .openAI, "Counters as Prometheus reads them.", access: .open) { _ in
                for model in host.models {
                    let (dimension, open) = ([("model", model.name)], model.current)
                    Gauge(label: "attention_model_open", dimensions: dimension, factory: metrics)
                        .record(open == nil ? 0 : 1)
                    Gauge(label: "attention_waiting_rows", dimensions: dimension, factory: metrics)
                        .record(await open?.queue.waitingRows ?? 0)
                }
                return .text(Array(metrics.page().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
            },
        ]
    }

    private func ready() throws(RouteError) -> Response {
        guard !host.isStopping else { throw RouteError(.stopping, "the server is stopping; ask another") }
        return .json(["status": "ready"])
    }
}
