import AttentionJSON
import AttentionServer
import HTTPTypes
import Testing

/// Health, counters, the description, the page, and what holds for all routes.
@Suite struct ServerRouteTests {
    @Test func health() async throws {
        let host = try ModelHostOf.translator()
        try await serving(host) { client in
            #expect(try await client.get("/health/live").status == 200)
            #expect(try await client.get("/health/ready").text == #"{"status":"ready"}"#)
            #expect(try await client.get("/health").status == 200)
            host.stop()
            #expect(try await client.get("/health/live").status == 200)
            #expect(try await client.get("/health/ready").status == 503)
            let late = try await client.post("/translate", #"{"q": "Yes.", "source": "en", "target": "fr"}"#)
            #expect(late.status == 200)
        }
    }

    @Test func counters() async throws {
        try await serving { client in
            _ = try await client.post("/embed", #"{"inputs": ["sun", "moon"]}"#)
            let page = try await client.get("/metrics").text
            #expect(page.contains("# TYPE attention_requests_total counter\n"))
            #expect(page.contains(#"attention_requests_total{route="/embed",status="200"} 1"#))
            #expect(page.contains(#"attention_rows_total{model="vectors"} 2"#))
            #expect(page.contains(#"attention_queue_seconds_count{model="vectors"} 1"#))
            #expect(page.contains(#"attention_waiting_rows{model="vectors"} "#))
        }
    }

    @Test func theDescriptionNamesAllRoutes() async throws {
        try await serving { client in
            let document = try await client.get("/openapi.json").json
            #expect(try document.at("openapi").string == "3.1.0")
            for path in ["/v1/embeddings", "/embed", "/translate", "/v1/attention", "/metrics", "/"] {
                _ = try document.at("paths", .name(path))
            }
            #expect(
                try document.at("paths", "/v1/models/{model}", "get", "parameters", 0, "name").string == "model")
        }
    }

    @Test func thePageAsksNobodyElse() async throws {
        try await serving { client in
            let page = try await client.get("/")
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(!page.text.contains("http://") && !page.text.contains("https://"))
        }
    }

    @Test func keysAreAskedFor() async throws {
        try await serving(keys: APIKeys(["one", "another"])) { client in
            let body = #"{"input": "sun"}"#
            let none = try await client.post("/v1/embeddings", body)
            #expect(none.status == 401)
            #expect(none.headers[.wwwAuthenticate] == "Bearer")
            #expect(try none.json.at("error", "code").string == "invalid_api_key")
            let wrong = try await client.post("/v1/embeddings", body, headers: [.authorization: "Bearer onf"])
            #expect(wrong.status == 401)
            for key in ["one", "another"] {
                let right = try await client.post("/v1/embeddings", body, headers: [.authorization: "Bearer \(key)"])
                #expect(right.status == 200)
            }
            #expect(try await client.get("/health/ready").status == 200)
        }
    }

    @Test func largeBodiesAreRefused() async throws {
        var limits = ServerLimits()
        limits.bodyBytes = 1000
        try await serving(limits: limits) { client in
            let answer = try await client.post("/embed", #"{"inputs": "\#(String(repeating: "a", count: 2000))"}"#)
            #expect(answer.status == 413)
            #expect(answer.headers[.connection] == "close")
        }
    }

    @Test func manyTextsAreRefused() async throws {
        var limits = ServerLimits()
        limits.texts = 2
        try await serving(limits: limits) { client in
            let answer = try await client.post("/embed", #"{"inputs": ["a", "b", "c"]}"#)
            #expect(answer.status == 413)
            #expect(
                try answer.json.at("error").string == "expected at most 2 texts in a request, found 3; send several")
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 1_000_000), "{\"inputs\": NaN}", "{\"inputs\": \"\\ud800\"}", "", "null",
        "{\"inputs\": {}}",
        "{\"inputs\": 1e999}",
    ]) func whatIsNoRequestIsNoFault(_ body: String) async throws {
        try await serving { client in
            for path in [
                "/embed", "/rerank", "/predict", "/v1/embeddings", "/v1/chat/completions", "/translate",
                "/v1/attention",
            ] {
                let status = try await client.post(path, body).status
                #expect(400...422 ~= status, "\(path)")
            }
        }
    }

    @Test func unknownRoutes() async throws {
        try await serving { client in
            let answer = try await client.get("/v2/everything")
            #expect(answer.status == 404)
            #expect(
                try answer.json.at("error", "message").string
                    == "there is no such route; GET /openapi.json lists them")
        }
    }

    @Test func headersOfAllAnswers() async throws {
        try await serving { client in
            let answer = try await client.get("/v1/models")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[HTTPField.Name("x-request-id")!]?.isEmpty == false)
        }
    }
}
