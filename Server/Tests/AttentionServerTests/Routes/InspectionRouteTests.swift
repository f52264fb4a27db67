import Attention
import AttentionJSON
import Testing

/// Our own routes: translations with alignments, and where heads look.
@Suite struct InspectionRouteTests {
    @Test func aTranslationSaysWhatItWasMadeOf() async throws {
        try await serving { client in
            let answer = try await client.post("/v1/translate", #"{"text": "Where is the nearest train station?"}"#)
            let best = try answer.json.at("translations", 0, 0)
            #expect(try best.at("text").string == "Où est la gare la plus proche ?")
            #expect(
                try best.at("sourceWords").items.map(\.string) == [
                    "Where", "is", "the", "nearest", "train", "station?",
                ])
            let rows = try best.at("alignment").items
            #expect(rows.count == (try best.at("targetWords").items.count))
            #expect(rows.allSatisfy { $0.items.count == 6 })
            #expect(try answer.json.at("target").string == "fr")
        }
    }

    @Test func severalTranslations() async throws {
        try await serving { client in
            let answer = try await client.post(
                "/v1/translate", #"{"text": ["Yes.", "Hello!"], "n_best": 2, "alignment": false}"#)
            #expect(try answer.json.at("translations").items.map(\.items.count) == [2, 2])
            #expect(answer.text.contains("\"alignment\"") == false)
        }
    }

    @Test func whereHeadsLook() async throws {
        let embedder = try TextEmbedder(path: taskFolders + "vectors")
        var run = TaskRun(observing: AttentionSelection(layers: [1], heads: [0]))
        _ = try embedder.embed(["The sun"], in: &run)
        let wanted = run.attentions[0]
        try await serving { client in
            let answer = try await client.post("/v1/attention", #"{"text": "The sun", "layers": [1], "heads": [0]}"#)
            #expect(try answer.json.at("pieces").items.map(\.string) == wanted.pieces)
            #expect(try answer.json.at("layers", 0, "layer").integer == 1)
            let rows = try answer.json.at("layers", 0, "weights", 0).items
            #expect(rows.count == wanted.pieces.count)
            expectClose(rows.flatMap(\.floats), wanted.layers[0].weights.values)
            let unknown = try await client.post("/v1/attention", #"{"text": "The sun", "layers": [9]}"#)
            #expect(unknown.status == 400)
        }
    }
}
