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

    @Test func wordsAndTheirTranslations() async throws {
        let pairs = [WordPair("Where is the train?", "Où est le train ?"), WordPair("Yes.", "Oui.")]
        let wanted = try AttentionAligner(.standard(), symmetrization: .intersection).align(pairs)
        try await serving { client in
            let answer = try await client.post(
                "/v1/align",
                #"{"source": ["Where is the train?", "Yes."], "target": ["Où est le train ?", "Oui."], "symmetrize": "intersection", "weights": true}"#
            )
            #expect(answer.status == 200, "\(answer.text)")
            for (place, alignment) in wanted.enumerated() {
                let found = try answer.json.at("alignments", .index(place))
                #expect(try found.at("links").string == alignment.links.pharaoh)
                #expect(try found.at("target").items.map(\.string) == pairs[place].target)
                #expect(try found.at("weights").items.count == pairs[place].target.count)
            }
            let refused = [
                #"{"source": ["a", "b"], "target": "c"}"#, #"{"source": "a"}"#,
                #"{"source": "a", "target": "b", "symmetrize": "all"}"#,
            ]
            for body in refused { #expect(try await client.post("/v1/align", body).status == 400, "\(body)") }
        }
    }

    @Test func whereHeadsLook() async throws {
        let embedder = try TextEmbedder(path: taskFolders + "vectors")
        var run = TaskRun(observing: AttentionSelection(layers: [1], heads: [0]))
        _ = try embedder.embed(["The sun"], in: &run)
        let wanted = run.attentions[0]
        try await serving { client in
            let answer = try await client.post("/v1/attention", #"{"text": "The sun", "layers": [2], "heads": [1]}"#)
            #expect(try answer.json.at("pieces").items.map(\.string) == wanted.pieces)
            #expect(try answer.json.at("layers", 0, "layer").integer == 2)
            let rows = try answer.json.at("layers", 0, "weights", 0).items
            #expect(rows.count == wanted.pieces.count)
            expectClose(rows.flatMap(\.floats), wanted.layers[0].weights.values)
            for number in [0, 9] {
                let unknown = try await client.post("/v1/attention", #"{"text": "The sun", "layers": [\#(number)]}"#)
                #expect(unknown.status == 400)
                #expect(
                    try unknown.json.at("error", "message").string == "expected layers from 1 to 2, found \(number)")
            }
            let document = try await client.get("/openapi.json").json
            #expect(
                try document.at("paths", "/v1/attention", "post", "summary").string
                    == "Where chosen heads of an encoder look; layers and heads are counted from 1.")
        }
    }
}
