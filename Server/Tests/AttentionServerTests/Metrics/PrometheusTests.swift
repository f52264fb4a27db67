import AttentionServer
import Metrics
import Testing

/// The page, line for line.
@Suite struct PrometheusTests {
    @Test func everyKindOfSeries() {
        let metrics = PrometheusMetrics(buckets: [0.1, 1])
        Counter(label: "requests.total", dimensions: [("path", "/a\"b")], factory: metrics).increment(by: 3)
        Gauge(label: "waiting", factory: metrics).record(2.5)
        let timer = Timer(label: "seconds", factory: metrics)
        for nanoseconds: Int64 in [50_000_000, 500_000_000, 5_000_000_000] { timer.recordNanoseconds(nanoseconds) }
        #expect(
            metrics.page() == """
                # TYPE requests_total counter
                requests_total{path="/a\\"b"} 3
                # TYPE seconds histogram
                seconds_bucket{le="0.1"} 1
                seconds_bucket{le="1"} 2
                seconds_bucket{le="+Inf"} 3
                seconds_sum 5.55
                seconds_count 3
                # TYPE waiting gauge
                waiting 2.5

                """)
    }
}
