import AttentionJSON
import AttentionServer
import HTTPTypes
import Testing

/// What is asked of a server that is full.
@Suite(.timeLimit(.minutes(2))) struct FullServerTests {
    /// So many texts, one by one, take a while.
    private static let bulk = #"{"inputs": [\#([String](repeating: #""sun""#, count: 6000).joined(separator: ","))]}"#

    private static func limits() -> (server: ServerLimits, model: SchedulerSettings) {
        var (server, model) = (ServerLimits(), SchedulerSettings())
        server.texts = 10_000
        (model.batchRows, model.batchWait, model.queuedRows) = (1, .zero, 1)
        return (server, model)
    }

    /// Nothing of a request is read: these are no JSON, and known as such where there is room.
    @Test func nothingIsReadOfWhatIsRefused() async throws {
        let (server, model) = Self.limits()
        let host = try ModelHost([.open("vectors", at: taskFolders + "vectors", limits: model)])
        let queue = try #require(host.models[0].current?.queue)
        try await serving(host, limits: server) { client in
            for (path, status) in [("/embed", 422), ("/v1/embeddings", 400)] {
                #expect(try await client.post(path, "no JSON").status == status)
            }
            async let bulk = client.post("/embed", Self.bulk)
            try await until { await queue.waitingRows > 0 }
            let embed = try await client.post("/embed", "no JSON")
            #expect(embed.status == 429)
            #expect(embed.headers[.retryAfter] == "1")
            #expect(
                try embed.json == [
                    "error": "the queue of the model is full; try again later", "error_type": "Overloaded",
                ])
            let embeddings = try await client.post("/v1/embeddings", "no JSON")
            #expect(embeddings.status == 429)
            #expect(try embeddings.json.at("error", "code").string == "overloaded")
            // What asks nothing of the queue is answered.
            #expect(try await client.post("/tokenize", #"{"inputs": "sun"}"#).status == 200)
            #expect(try await client.get("/health/ready").status == 200)
            let page = try await client.get("/metrics").text
            #expect(page.contains(#"attention_requests_total{route="/v1/embeddings",status="429"} 1"#))
            #expect(try await bulk.status == 200)
            #expect(try await client.post("/embed", #"{"inputs": "sun"}"#).status == 200)
        }
    }

    /// As long as a model that could be meant has room, the request says which it is.
    @Test func anotherModelHasRoom() async throws {
        let (server, model) = Self.limits()
        let host = try ModelHost([
            .open("full", at: taskFolders + "vectors", limits: model),
            .open("free", at: taskFolders + "vectors", limits: model),
        ])
        let queue = try #require(host.models[0].current?.queue)
        try await serving(host, limits: server) { client in
            async let bulk = client.post("/embed", Self.bulk)
            try await until { await queue.waitingRows > 0 }
            #expect(try await client.post("/v1/embeddings", #"{"input": "sun", "model": "free"}"#).status == 200)
            #expect(try await client.post("/v1/embeddings", #"{"input": "sun", "model": "full"}"#).status == 429)
            #expect(try await client.post("/v1/embeddings", "no JSON").status == 400)
            #expect(try await bulk.status == 200)
        }
    }
}
