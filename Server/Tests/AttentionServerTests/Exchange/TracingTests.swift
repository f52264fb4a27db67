import AttentionServer
import Hummingbird
import HummingbirdTesting
import InMemoryTracing
import NIOCore
import Testing
import Tracing

/// Where the time of a request went, for whoever traces.
@Suite struct TracingTests {
    @Test func spansOfARequest() async throws {
        let tracer = InMemoryTracer()
        let router = Router(context: ServerContext.self)
        router.add(middleware: TracingMiddleware())
        AttentionRoutes(host: try tinyHost.get()).add(to: router)
        try await withTracer(tracer) {
            try await Application(router: router).test(.router) { client in
                _ = try await client.execute(
                    uri: "/embed", method: .post, body: ByteBuffer(string: #"{"inputs": ["sun", "moon"]}"#)
                ) { #expect($0.status == .ok) }
            }
        }
        let spans = tracer.finishedSpans
        let request = try #require(spans.first { $0.operationName == "/embed" })
        let queue = try #require(spans.first { $0.operationName == "attention.queue" })
        let compute = try #require(spans.first { $0.operationName == "attention.compute" })
        for part in [queue, compute] {
            #expect(part.traceID == request.traceID && part.parentSpanID == request.spanID)
            #expect(part.attributes.get("attention.model") == .string("vectors"))
            #expect(part.attributes.get("attention.rows") == .int64(2))
        }
        #expect(queue.endInstant.nanosecondsSinceEpoch == compute.startInstant.nanosecondsSinceEpoch)
        #expect(queue.startInstant.nanosecondsSinceEpoch >= request.startInstant.nanosecondsSinceEpoch)
    }
}
