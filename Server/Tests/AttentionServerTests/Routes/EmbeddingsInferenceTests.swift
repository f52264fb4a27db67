import Attention
import AttentionJSON
import Testing

/// The routes of text-embeddings-inference.
@Suite struct EmbeddingsInferenceTests {
    @Test func embed() async throws {
        let wanted = try TextEmbedder(path: taskFolders + "vectors").embed(["The cat sleeps.", "sun"])
        try await serving { client in
            let several = try await client.post("/embed", #"{"inputs": ["The cat sleeps.", "sun"]}"#)
            #expect(several.status == 200)
            for (found, vector) in zip(try several.json.items, wanted) { expectClose(found.floats, vector) }
            let one = try await client.post("/embed", #"{"inputs": "sun", "normalize": false}"#)
            expectClose(try one.json.at(0).floats, wanted[1])
        }
    }

    @Test func embedAll() async throws {
        let embedder = try TextEmbedder(path: taskFolders + "vectors")
        var run = TaskRun()
        let encodings = try embedder.encode(["The cat sleeps.", "sun"], in: &run)
        let wanted = try encodings.map { try embedder.pieceVectors([$0], in: &run)[0] }
        try await serving { client in
            let answer = try await client.post("/embed_all", #"{"inputs": ["The cat sleeps.", "sun"]}"#)
            #expect(answer.status == 200)
            for (found, vectors) in zip(try answer.json.items, wanted) {
                #expect(found.items.count == vectors.count)
                for (piece, vector) in zip(found.items, vectors) { expectClose(piece.floats, vector) }
            }
        }
    }

    @Test func prompts() async throws {
        let wanted = try TextEmbedder(path: taskFolders + "vectors").embed("sun", prompt: "passage")
        try await serving { client in
            let answer = try await client.post("/embed", #"{"inputs": "sun", "prompt_name": "passage"}"#)
            expectClose(try answer.json.at(0).floats, wanted)
            #expect(try await client.post("/embed", #"{"inputs": "sun", "prompt_name": "none"}"#).status == 422)
        }
    }

    @Test func similarity() async throws {
        let embedder = try TextEmbedder(path: taskFolders + "vectors")
        let vectors = try embedder.embed(["sun", "The cat sleeps.", "sun"])
        try await serving { client in
            let answer = try await client.post(
                "/similarity", #"{"inputs": {"source_sentence": "sun", "sentences": ["The cat sleeps.", "sun"]}}"#)
            expectClose(
                try answer.json.floats, vectors.dropFirst().map { embedder.similarity(vectors[0], $0) })
        }
    }

    @Test func rerank() async throws {
        let documents = ["The cat sleeps.", "A dog runs.", "Ada walks in London."]
        let wanted = try Reranker(path: taskFolders + "pairs").rank("Who sleeps?", documents)
        let texts = "[" + documents.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        try await serving { client in
            let answer = try await client.post(
                "/rerank", #"{"query": "Who sleeps?", "texts": \#(texts), "return_text": true}"#)
            let found = try answer.json.items
            #expect(try found.map { try $0.at("index").integer } == wanted.map(\.index))
            #expect(try found.map { try $0.at("text").string } == wanted.map { documents[$0.index] })
            expectClose(try found.compactMap { try $0.at("score").float }, wanted.map(\.score))
            let raw = try await client.post(
                "/rerank", #"{"query": "Who sleeps?", "texts": \#(texts), "raw_scores": true}"#)
            #expect(try raw.json.items.compactMap { try $0.at("score").float } != wanted.map(\.score))
        }
    }

    @Test func predict() async throws {
        let wanted = try TextClassifier(path: taskFolders + "classes").classify("sun")
        try await serving { client in
            let one = try await client.post("/predict", #"{"inputs": "sun"}"#)
            #expect(try one.json.items.map { try $0.at("label").string } == wanted.map(\.label))
            expectClose(try one.json.items.compactMap { try $0.at("score").float }, wanted.map(\.score))
            let several = try await client.post("/predict", #"{"inputs": [["sun"], ["sun", "The cat sleeps."]]}"#)
            #expect(try several.json.items.count == 2)
            expectClose(try several.json.at(0).items.compactMap { try $0.at("score").float }, wanted.map(\.score))
        }
    }

    @Test func tokenizeAndDecode() async throws {
        try await serving { client in
            let pieces = try await client.post("/tokenize", #"{"inputs": "The sun"}"#).json.at(0)
            #expect(try pieces.at(0, "special") == true)
            #expect(try pieces.at(0, "start") == .null)
            #expect(try pieces.at(1, "start").integer == 0)
            let ids = try pieces.items.compactMap { try $0.at("id").integer }
            let text = try await client.post("/decode", #"{"ids": \#(ids)}"#).json.at(0).string
            #expect(text?.lowercased() == "the sun")
        }
    }

    @Test func info() async throws {
        try await serving { client in
            let info = try await client.get("/info").json
            #expect(try info.at("model_id").string == "vectors")
            #expect(try info.at("max_input_length").integer ?? 0 > 8)
            #expect(try info.at("model_type", "embedding", "pooling").string == "max,mean")
            #expect(try info.at("max_batch_requests").integer == 32)
        }
    }

    @Test(arguments: [
        (#"{"inputs": []}"#, 400, "Empty"), (#"{"inputs": 1}"#, 422, "Tokenizer"), (#"{"#, 422, "Tokenizer"),
        (#"{"inputs": "\#(String(repeating: "sun ", count: 400))"}"#, 413, "Validation"),
    ]) func refusals(_ body: String, _ status: Int, _ type: String) async throws {
        try await serving { client in
            let answer = try await client.post("/embed", body)
            #expect(answer.status == status)
            #expect(try answer.json.at("error_type").string == type)
            #expect(try answer.json.at("error").string?.isEmpty == false)
        }
    }

    @Test func aModelThatIsNotServedIsNamed() async throws {
        let host = try ModelHostOf.translator()
        try await serving(host) { client in
            let answer = try await client.post("/embed", #"{"inputs": "a"}"#)
            #expect(answer.status == 404)
            #expect(try answer.json.at("error").string == "no model for embedding is served here")
        }
    }
}
