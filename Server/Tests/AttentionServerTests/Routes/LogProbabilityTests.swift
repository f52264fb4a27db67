import Attention
import AttentionJSON
import AttentionServer
import Testing

/// `logprobs` of both routes that write, against answers that the reference model made.
@Suite struct LogProbabilityTests {
    private static let chat = #""messages": [{"role": "user", "content": "Hello"}], "max_tokens": 6, "temperature": 0"#
    private static let completion = #""prompt": "The cat sleeps", "max_tokens": 6, "temperature": 0"#

    private func golden(_ name: String) throws -> JSONValue {
        let path = taskFolders + "../../../../Server/Tests/AttentionServerTests/Fixtures/logprobs.json"
        return try JSONParser.parse(try FileContents.read(path)).at(.name(name))
    }

    @Test(arguments: [
        ("/v1/completions", completion + #", "logprobs": 3"#, "completion"),
        ("/v1/completions", completion + #", "logprobs": 0"#, "completion without alternatives"),
        ("/v1/chat/completions", chat + #", "logprobs": true, "top_logprobs": 2"#, "chat"),
    ]) func wholeAnswers(_ route: String, _ body: String, _ name: String) async throws {
        let wanted = try golden(name)
        try await serving { client in
            let answer = try await client.post(route, "{\(body)}")
            #expect(answer.status == 200)
            guard case .object(let members) = try answer.json else {
                Issue.record("expected an object, found \(answer.text)")
                return
            }
            expectSame(.object(members.filter { $0.key != "id" && $0.key != "created" }), wanted, within: 1e-4)
        }
    }

    @Test func piecesOfAStreamSayTheSame() async throws {
        try await serving { client in
            let whole = try await client.post("/v1/completions", "{\(Self.completion), \"logprobs\": 3}").json
            let stream = try await client.post(
                "/v1/completions", "{\(Self.completion), \"logprobs\": 3, \"stream\": true}")
            let events = try stream.events.compactMap { event -> JSONValue? in
                let known = try event.at("choices", 0, "logprobs")
                return known == .null ? nil : known
            }
            for name in ["tokens", "token_logprobs", "top_logprobs", "text_offset"] {
                let pieces = try events.flatMap { try $0.at(.name(name)).items }
                // Who else is served may change the last digits.
                expectSame(.array(pieces), try whole.at("choices", 0, "logprobs", .name(name)), within: 1e-4)
            }
        }
    }

    @Test func aConversationAsAStream() async throws {
        let wanted = try golden("chat").at("choices", 0, "logprobs", "content")
        try await serving { client in
            let stream = try await client.post(
                "/v1/chat/completions", "{\(Self.chat), \"logprobs\": true, \"top_logprobs\": 2, \"stream\": true}")
            let content = try stream.events.flatMap { event -> [JSONValue] in
                let known = try event.at("choices", 0, "logprobs")
                return known == .null ? [] : try known.at("content").items
            }
            expectSame(.array(content), wanted, within: 1e-4)
        }
    }

    /// What a stop word is made of is not part of the text; of its tokens only those are told whose text begins before it.
    @Test func stopWordsAreNotTold() async throws {
        let body = #"{"prompt": "sun", "max_tokens": 4, "logit_bias": {"259": 100}, "logprobs": 1, "stop": "#
        try await serving { client in
            for (stop, text, told) in [
                ("eTh", "Th", ["The"]), ("TheThe", "", []), ("sun", "TheTheTheThe", ["The", "The", "The", "The"]),
            ] {
                let choice = try await client.post("/v1/completions", body + "\"\(stop)\"}").json.at("choices", 0)
                #expect(try choice.at("text").string == text)
                #expect(try choice.at("logprobs", "tokens").items.compactMap(\.string) == told)
            }
        }
    }

    @Test func withoutIt() async throws {
        try await serving { client in
            for body in [Self.completion, Self.completion + #", "logprobs": null"#] {
                let answer = try await client.post("/v1/completions", "{\(body)}")
                #expect(try answer.json.at("choices", 0, "logprobs") == .null)
            }
            let answer = try await client.post("/v1/chat/completions", "{\(Self.chat), \"logprobs\": false}")
            #expect(try answer.json.at("choices", 0, "logprobs") == .null)
        }
    }

    @Test(arguments: [
        ("/v1/completions", completion + #", "logprobs": 6"#, "expected an integer from 0 to 5 as logprobs, found 6"),
        (
            "/v1/chat/completions", chat + #", "top_logprobs": 2"#,
            "expected true where there is top_logprobs as logprobs, found none"
        ),
        (
            "/v1/chat/completions", chat + #", "logprobs": true, "top_logprobs": 21"#,
            "expected an integer from 0 to 20 as top_logprobs, found 21"
        ),
    ]) func refusals(_ route: String, _ body: String, _ message: String) async throws {
        try await serving { client in
            let answer = try await client.post(route, "{\(body)}")
            #expect(answer.status == 400)
            #expect(try answer.json.at("error", "message").string == message)
        }
    }
}

/// Whether two documents are the same, numbers within a tolerance. Members may stand in any order.
func expectSame(_ found: JSONValue, _ wanted: JSONValue, within tolerance: Float, at place: String = "") {
    switch (found, wanted) {
    case (.object(let members), .object(let others)):
        #expect(Set(members.map(\.key)) == Set(others.map(\.key)), "\(place)")
        for other in others {
            guard let member = members.first(where: { $0.key == other.key }) else { continue }
            expectSame(member.value, other.value, within: tolerance, at: place + "." + other.key)
        }
    case (.array(let items), .array(let others)):
        #expect(items.count == others.count, "\(place)")
        for (index, pair) in zip(items, others).enumerated() {
            expectSame(pair.0, pair.1, within: tolerance, at: "\(place)[\(index)]")
        }
    case (.number(let number), .number(let other)):
        #expect(abs(number.float - other.float) <= tolerance, "\(place)")
    default: #expect(found == wanted, "\(place)")
    }
}
