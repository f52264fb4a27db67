import Attention
import AttentionJSON
import Testing

/// `/v1/embeddings` and `/v1/models`, as OpenAI's client reads them.
@Suite struct OpenAIEmbeddingsTests {
    private let embedder: TextEmbedder

    init() throws { embedder = try TextEmbedder(path: taskFolders + "vectors") }

    @Test func textsAsNumbers() async throws {
        let texts = ["The cat sleeps.", "sun"]
        let wanted = try embedder.embed(texts)
        try await serving { client in
            let answer = try await client.post(
                "/v1/embeddings", #"{"model": "vectors", "input": ["The cat sleeps.", "sun"], "user": "somebody"}"#)
            #expect(answer.status == 200)
            let json = try answer.json
            #expect(try json.at("object").string == "list")
            #expect(try json.at("model").string == "vectors")
            for (index, vector) in wanted.enumerated() {
                let entry = try json.at("data", .index(index))
                #expect(try entry.at("object").string == "embedding")
                #expect(try entry.at("index").integer == index)
                expectClose(try entry.at("embedding").floats, vector)
            }
            let count = try json.at("usage", "prompt_tokens").integer
            #expect(try json.at("usage", "total_tokens").integer == count)
            #expect(count ?? 0 > texts.count)
        }
    }

    @Test func base64HasTheSameBytes() async throws {
        let wanted = Base64Reading.floats(of: try await embedding(#""encoding_format": "base64""#).string ?? "")
        expectClose(wanted, try embedder.embed("sun"))
    }

    @Test func dimensionsAreCutAndMadeLong() async throws {
        let vector = try embedder.embed("sun")[..<3]
        let norm = vector.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        expectClose(try await embedding(#""dimensions": 3"#).floats, vector.map { $0 / norm })
    }

    private func embedding(_ member: String) async throws -> JSONValue {
        try await serving { client in
            try await client.post("/v1/embeddings", #"{"input": "sun", \#(member)}"#).json.at("data", 0, "embedding")
        }
    }

    @Test func tokensAreReadAsTheyAre() async throws {
        var run = TaskRun()
        let ids = try embedder.encode(["sun"], in: &run)[0].ids
        let wanted = try embedder.embed("sun")
        try await serving { client in
            let one = try await client.post("/v1/embeddings", #"{"input": \#(ids)}"#)
            expectClose(try one.json.at("data", 0, "embedding").floats, wanted)
            let several = try await client.post("/v1/embeddings", #"{"input": [\#(ids), \#(ids)]}"#)
            expectClose(try several.json.at("data", 1, "embedding").floats, wanted)
        }
    }

    @Test(arguments: [
        (#"{"input": []}"#, 400, "expected at least one text, found none"),
        (#"{}"#, 400, "expected a member input, found none"),
        (#"{"input": 3}"#, 400, "expected a string, an array of strings or arrays of tokens as input, found 3"),
        (#"{"input": ["a", 3]}"#, 400, "expected an array of strings as input, found 3 in it"),
        (
            #"{"input": [123456]}"#, 400,
            "expected tokens of the vocabulary, 0 to 29, at least one as input, found others"
        ),
        (
            #"{"input": "a", "encoding_format": "hex"}"#, 400,
            "expected float or base64 as encoding_format, found another"
        ),
        (#"{"input": "a", "dimensions": 99}"#, 400, "expected at most 5 as dimensions, found 99"),
        (
            #"{"input": "a", "model": "gpt"}"#, 404,
            "expected a model for embedding (vectors), found gpt"
        ),
        (
            #"[1, 2"#, 400,
            "expected a JSON object as the body, but expected ',' or ']' in an array at byte 5 of the JSON document, found the end"
        ),
    ]) func refusals(_ body: String, _ status: Int, _ message: String) async throws {
        try await serving { client in
            let answer = try await client.post("/v1/embeddings", body)
            #expect(answer.status == status)
            #expect(try answer.json.at("error", "message").string == message)
            #expect(try answer.json.at("error", "type").string == "invalid_request_error")
        }
    }

    @Test func longTextsAreRefusedUnlessTheyMayBeCut() async throws {
        let text = String(repeating: "sun ", count: 400)
        try await serving { client in
            let answer = try await client.post("/v1/embeddings", #"{"input": "\#(text)"}"#)
            #expect(answer.status == 400)
            #expect(try answer.json.at("error", "code").string == "context_length_exceeded")
            let cut = try await client.post("/v1/embeddings", #"{"input": "\#(text)", "truncate": true}"#)
            #expect(cut.status == 200)
        }
    }

    @Test func models() async throws {
        try await serving { client in
            let list = try await client.get("/v1/models").json
            #expect(
                try list.at("data").items.map { try $0.at("id").string }
                    == ["vectors", "classes", "pairs", "en-fr", "continuations"])
            #expect(
                try list.at("data").items.map { try $0.at("task").string }
                    == ["embedding", "classification", "reranking", "translation", "generation"])
            #expect(try await client.get("/v1/models/vectors").json.at("object").string == "model")
            let unknown = try await client.get("/v1/models/other")
            #expect(unknown.status == 404)
            #expect(try unknown.json.at("error", "code").string == "model_not_found")
        }
    }
}

/// Reads what the server writes, by the definition rather than its inverse.
private enum Base64Reading {
    static func floats(of text: String) -> [Float] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var (bits, count, bytes): (UInt32, Int, [UInt8]) = (0, 0, [])
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { continue }
            (bits, count) = (bits << 6 | UInt32(value), count + 6)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return stride(from: 0, to: bytes.count / 4 * 4, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
        }
    }
}
