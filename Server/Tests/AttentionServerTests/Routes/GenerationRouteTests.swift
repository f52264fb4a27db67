import Attention
import AttentionJSON
import AttentionServer
import HTTPTypes
import Testing

/// `/v1/completions` and `/v1/chat/completions`, whole and as streams.
@Suite struct GenerationRouteTests {
    /// What the model writes behind a prompt, by itself.
    private func wanted(_ prompt: String, _ count: Int) throws -> TextGenerator.Written {
        var generator = try TextGenerator(path: taskFolders + "continuations")
        generator.configuration.newTokenLimit = count
        return try #require(try generator.generate(prompt).first)
    }

    @Test func aCompletion() async throws {
        let wanted = try wanted("The cat sleeps", 12)
        try await serving { client in
            let answer = try await client.post(
                "/v1/completions", #"{"model": "continuations", "prompt": "The cat sleeps", "max_tokens": 12}"#)
            #expect(answer.status == 200)
            let json = try answer.json
            #expect(try json.at("object").string == "text_completion")
            #expect(try json.at("id").string?.hasPrefix("cmpl-") == true)
            #expect(try json.at("choices", 0, "text").string == wanted.text)
            #expect(try json.at("choices", 0, "finish_reason").string == "length")
            #expect(try json.at("usage", "prompt_tokens").integer == 3)
            #expect(try json.at("usage", "completion_tokens").integer == 12)
            #expect(try json.at("usage", "total_tokens").integer == 15)
        }
    }

    @Test func aStreamSaysTheSame() async throws {
        let wanted = try wanted("sun", 12)
        try await serving { client in
            let answer = try await client.post(
                "/v1/completions",
                #"{"prompt": "sun", "max_tokens": 12, "stream": true, "stream_options": {"include_usage": true}}"#)
            #expect(answer.headers[.contentType] == "text/event-stream")
            let events = try answer.events
            #expect(try events.dropLast().map { try $0.at("choices", 0, "text").string ?? "" }.joined() == wanted.text)
            #expect(try events.dropLast().last?.at("choices", 0, "finish_reason").string == "length")
            #expect(try events.last?.at("choices") == [])
            #expect(try events.last?.at("usage", "completion_tokens").integer == 12)
        }
    }

    @Test func tokensArePromptsAsTheyAre() async throws {
        let wanted = try wanted("sun", 5)
        try await serving { client in
            let answer = try await client.post(
                "/v1/completions", #"{"prompt": [[83, 270], [83, 270]], "max_tokens": 5}"#)
            #expect(try answer.json.at("choices").items.count == 2)
            #expect(try answer.json.at("choices", 1, "text").string == wanted.text)
            #expect(try answer.json.at("choices", 1, "index").integer == 1)
        }
    }

    @Test func drawnTextsFollowTheSeed() async throws {
        let body = #"{"prompt": "sun", "max_tokens": 8, "temperature": 1.5, "n": 3, "seed": 7}"#
        try await serving { client in
            let first = try await client.post("/v1/completions", body).json.at("choices")
            let second = try await client.post("/v1/completions", body).json.at("choices")
            #expect(first == second)
            #expect(Set(try first.items.map { try $0.at("text").string }).count > 1)
        }
    }

    @Test func biasesAndColdTemperatures() async throws {
        try await serving { client in
            let biased = try await client.post(
                "/v1/completions", #"{"prompt": "sun", "max_tokens": 4, "logit_bias": {"259": 100}}"#)
            #expect(try biased.json.at("choices", 0, "text").string == "TheTheTheThe")
            let body = #"{"prompt": "sun", "max_tokens": 4, "temperature": "#
            let cold = try await client.post("/v1/completions", body + "1e-300}")
            let greedy = try await client.post("/v1/completions", body + "0}")
            #expect(try cold.json.at("choices", 0, "text") == greedy.json.at("choices", 0, "text"))
        }
    }

    @Test func stopWords() async throws {
        let whole = try wanted("sun", 12).text ?? ""
        let stop = try #require(whole.unicodeScalars.first { $0.properties.isAlphabetic })
        try await serving { client in
            let answer = try await client.post(
                "/v1/completions", #"{"prompt": "sun", "max_tokens": 12, "stop": ["\#(stop)"]}"#)
            let text = try answer.json.at("choices", 0, "text").string
            #expect(text.map(whole.hasPrefix) == true)
            #expect(text?.unicodeScalars.contains(stop) == false)
            #expect(try answer.json.at("choices", 0, "finish_reason").string == "stop")
        }
    }

    @Test func aSchemaHolds() async throws {
        let format = #"{"type": "json_schema", "json_schema": {"name": "answer", "schema": {"enum": ["yes", "no"]}}}"#
        try await serving { client in
            let answer = try await client.post(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "Is it so?"}], "response_format": \#(format), "max_tokens": 20}"#
            )
            #expect(answer.status == 200)
            #expect(["\"yes\"", "\"no\""].contains(try answer.json.at("choices", 0, "message", "content").string))
            #expect(try answer.json.at("choices", 0, "finish_reason").string == "stop")
        }
    }

    @Test func aConversation() async throws {
        let wanted = try wanted("system: Be brief.\nuser: Hello\nassistant:", 6)
        let messages =
            #"[{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Hello"}]}]"#
        try await serving { client in
            let answer = try await client.post(
                "/v1/chat/completions", #"{"messages": \#(messages), "max_completion_tokens": 6}"#)
            #expect(try answer.json.at("object").string == "chat.completion")
            #expect(try answer.json.at("choices", 0, "message", "role").string == "assistant")
            #expect(try answer.json.at("choices", 0, "message", "content").string == wanted.text)
            let stream = try await client.post(
                "/v1/chat/completions", #"{"messages": \#(messages), "max_tokens": 6, "stream": true}"#)
            let events = try stream.events
            #expect(try events.first?.at("choices", 0, "delta", "role").string == "assistant")
            let text = try events.compactMap { event in
                if case .object = try event.at("choices", 0, "delta") { event } else { nil }
            }.map { event in
                guard case .object(let members) = try event.at("choices", 0, "delta") else { return "" }
                return members.first { $0.key == "content" }?.value.string ?? ""
            }.joined()
            #expect(text == wanted.text)
            #expect(try events.last?.at("object").string == "chat.completion.chunk")
        }
    }

    @Test(arguments: [
        (#"{"prompt": "a", "echo": true}"#, "echo is not served here; leave it out"),
        (#"{"prompt": "a", "n": 0}"#, "expected an integer from 1 to 8 as n, found 0"),
        (#"{"prompt": "a", "temperature": 9}"#, "expected a number from 0.0 to 2.0 as temperature, found 9"),
        (#"{"prompt": [5000]}"#, "expected tokens from 0 to 279 as prompt, found others"),
        (#"{"prompt": []}"#, "expected at least one text, found none"),
        (
            #"{"prompt": "a", "response_format": {"type": "json_object"}}"#,
            "expected text or json_schema as response_format.type, found another"
        ),
        (
            #"{"prompt": "a", "logit_bias": {"280": 1}}"#,
            "expected tokens of the vocabulary with numbers from -100 to 100 as logit_bias, found another"
        ),
        (#"{"prompt": "a", "stop": [""]}"#, "expected at most 16 words of 1 to 256 bytes as stop, found others"),
    ]) func refusals(_ body: String, _ message: String) async throws {
        try await serving { client in
            let answer = try await client.post("/v1/completions", body)
            #expect(answer.status == 400)
            #expect(try answer.json.at("error", "message").string == message)
        }
    }

    @Test func conversationsThatCannotBe() async throws {
        try await serving { client in
            let order = try await client.post(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]}"#)
            #expect(order.status == 400)
            #expect(
                try order.json.at("error", "message").string
                    == "the chat template of the model refuses this order of roles")
            let long = String(repeating: "The cat sleeps. ", count: 60)
            let tooLong = try await client.post("/v1/completions", #"{"prompt": "\#(long)", "stream": true}"#)
            #expect(tooLong.status == 400)
            #expect(try tooLong.json.at("error", "code").string == "context_length_exceeded")
        }
    }
}
