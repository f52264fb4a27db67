import Attention
import Foundation
import Testing

/// Scores by what queries and keys have read, against PyTorch and the laws.
@Suite struct ScorePartsTests {
    private struct Reference: Decodable {
        let text: String, query: Int, key: Int, parts: [String], products: [[[Float]]], scores: [Float]

        /// As `scripts/make-score-parts-fixture.py` wrote it.
        static func read() throws -> Reference {
            let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../Fixtures/score-parts.json")
            return try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: path))
        }
    }

    @Test func anEncoderIsTheReference() throws {
        let reference = try Reference.read()
        let model = try TraceableModels.model(at: TaskTests.root + "vectors")
        let words = try model.trace(reference.text, and: nil, heads: .all).map(of: .encoder).target
        let focus = TraceFocus(word: words[reference.query], target: words[reference.key])
        let (trace, reasons) = try model.reasons(
            of: AttentionSelection(layers: [1], heads: nil), .encoder, focus, ModelTrace.Grain(), in: reference.text,
            and: nil)
        #expect(trace.attention[0].layers == [1] && reasons.map(\.head.head) == [0, 1])
        for (head, found) in reasons.enumerated() {
            #expect(found.parts.map(\.name) == reference.parts && found.query == reference.query)
            #expect(abs(found.score - reference.scores[head]) < 1e-5 && found.key == reference.key)
            for (x, y) in zip(found.products.joined(), reference.products[head].joined()) { #expect(abs(x - y) < 1e-5) }
            let neurons = try model.neurons(
                of: found.head, .encoder, focus, ModelTrace.Grain(), in: reference.text, and: nil)
            #expect(abs(neurons.score - found.score) < 1e-5 && neurons.weight == found.weight)
            #expect(neurons.title == found.title)
        }
    }

    @Test func aTranslatorsEncoderAddsUp() throws {
        let translator = Translator(folder: try .tiny())
        let grain = ModelTrace.Grain(joinsWords: true, showsSpecial: false)
        let (_, reasons) = try translator.reasons(
            of: .all, .encoder, TraceFocus(word: "quick", target: "fox"), grain, in: "the quick fox", and: nil)
        #expect(reasons.count == 2)
        for found in reasons {
            #expect(abs(found.products.joined().reduce(0, +) - found.score) < 1e-4)
            #expect(found.parts.map(\.name) == ["biases", "token", "position"])
        }
    }

    /// Without a head of the layer before, nothing of it is read.
    @Test func aHeadThatIsLeftOutWritesNothing() throws {
        let model = try TraceableModels.model(at: TaskTests.root + "vectors")
        let (_, reasons) = try withAblation(Ablation([0], of: .encoder, at: 0)) {
            try model.reasons(
                of: AttentionSelection(layers: [1], heads: [1]), .encoder, TraceFocus(word: "cat", target: "sleeps"),
                ModelTrace.Grain(), in: "The cat sleeps.", and: nil)
        }
        let place = try #require(reasons[0].parts.firstIndex { $0.name == "head 1.1" })
        #expect(reasons[0].products[place].allSatisfy { abs($0) < 1e-6 } && abs(reasons[0].keySums[place]) < 1e-6)
    }

    /// What is written, among itself and at its source: every pair of parts, and each score is that of the neuron view.
    @Test(arguments: [TracedAttention.Kind.decoder, .cross]) func aTranslatorsDecoderAddsUp(
        _ kind: TracedAttention.Kind
    ) throws {
        let translator = Translator(folder: try .tiny())
        let (trace, reasons) = try translator.reasons(
            of: .all, kind, TraceFocus(), ModelTrace.Grain(), in: "the quick fox", and: nil)
        #expect(reasons.count == 2 && reasons.allSatisfy { $0.kind == kind })
        for found in reasons {
            #expect(abs(found.products.joined().reduce(0, +) - found.score) < 1e-4)
            let neurons = try translator.neurons(
                of: found.head, kind, TraceFocus(), ModelTrace.Grain(), in: "the quick fox", and: nil)
            #expect(abs(neurons.score - found.score) < 1e-4 && neurons.weight == found.weight)
        }
        let names = reasons[0].parts.map(\.name)
        let keys = reasons[0].keyParts.map(\.name)
        if kind == .decoder {
            #expect(names == ["biases", "token", "position"] && keys == names)
        } else {
            #expect(names == ["biases", "token", "position", "head 1.1", "head 1.2"])
            #expect(keys == ["biases", "token", "position", "head 1.1", "head 1.2", "feed-forward 1"])
            #expect(
                reasons[0].text().contains("\npart\tin the query\n")
                    && reasons[0].text().contains("\npart\tin the key\n"))
        }
        #expect(HTMLRenderer().render(trace, reasons: reasons).contains("\"keyParts\":[\"biases\",\"token\""))
    }

    @Test func aLanguageModelAddsUp() throws {
        let model = try TraceableModels.model(at: TaskTests.root + "continuations")
        let (_, reasons) = try model.reasons(
            of: AttentionSelection(layers: [1]), .decoder, TraceFocus(), ModelTrace.Grain(), in: "The cat sleeps.",
            and: nil)
        #expect(reasons.count == 2)
        for found in reasons {
            #expect(abs(found.products.joined().reduce(0, +) - found.score) < 1e-4)
            #expect(
                found.parts.map(\.name) == ["biases", "token", "position", "head 1.1", "head 1.2", "feed-forward 1"])
        }
    }

    @Test func whatHasNoPartsIsRefused() throws {
        let recurrent = Translator(folder: try .tinyRecurrent())
        #expect(throws: TraceWeightsError.noInnerProducts(view: "reasons", kind: "cross")) {
            try recurrent.reasons(of: .all, .cross, TraceFocus(), ModelTrace.Grain(), in: "the fox", and: nil)
        }
        let sentence = TraceWeightsError.noParts(kind: "decoder").description
        #expect(sentence.hasPrefix("reasons view: expected heads of a model") && sentence.contains("--view neuron"))
        #expect(
            TraceWeightsError.otherSum(expected: 1, found: 2).description.contains(
                "add up to 2.0 where the score is 1.0"))
    }
}
