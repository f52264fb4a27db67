import Attention
import Foundation
import Testing

/// Attention weighed by what comes through and by what it does, against PyTorch.
@Suite struct TraceWeightsTests {
    private struct Reference: Decodable {
        let text: String
        let valueWeighted: [[[[Float]]]]
        let gradient: [[[[Float]]]]

        enum CodingKeys: String, CodingKey {
            case text, gradient
            case valueWeighted = "value-weighted"
        }

        /// As `scripts/make-trace-weights-fixture.py` wrote it.
        static func read() throws -> Reference {
            let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../Fixtures/trace-weights.json")
            return try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: path))
        }
    }

    @Test func encoder() throws {
        let reference = try Reference.read()
        let model = try TraceableModels.model(at: TaskTests.root + "vectors")
        for (weights, expected) in [
            (TraceWeights.valueWeighted, reference.valueWeighted), (.gradient, reference.gradient),
        ] {
            let trace = try model.trace(reference.text, and: nil, heads: .all, weights: weights)
            let greatest = expected.joined().joined().joined().max() ?? 0
            let found = try trace.map(of: .encoder).weights.joined().joined().joined()
            #expect(
                found.count == expected.joined().joined().joined().count && trace.name == "vectors, \(weights.rawValue)"
            )
            for (x, y) in zip(found, expected.joined().joined().joined()) { #expect(abs(x - y) < 1e-5 * greatest) }
            // Of one head what it is among all.
            let one = try model.trace(
                reference.text, and: nil, heads: AttentionSelection(layers: [1], heads: [1]), weights: weights)
            for (x, y) in zip(one.attention[0].weights, expected[1][1].joined()) {
                #expect(abs(x - y) < 1e-5 * greatest)
            }
        }
    }

    @Test func kindsOfATranslator() throws {
        let translator = Translator(folder: try .tiny())
        let plain = try translator.trace("the quick fox", and: nil, heads: .all, weights: .probability)
        #expect(plain == (try translator.trace("the quick fox")))
        let valued = try translator.trace("the quick fox", and: nil, heads: .all, weights: .valueWeighted)
        #expect(valued.attention.map(\.kind) == [.encoder, .decoder, .cross])
        let (found, expected) = (valued.sequences, plain.sequences)
        #expect(found.map(\.pieces) == expected.map(\.pieces) && found.map(\.likely) == expected.map(\.likely))
        // A search whose heads are heard takes other kernels, which round otherwise; it goes the same way.
        let (heard, unheard) = (try #require(found[1].beam), try #require(expected[1].beam))
        #expect(heard.answer == unheard.answer && heard.steps.map(\.count) == unheard.steps.map(\.count))
        for (hypothesis, other) in zip(heard.steps.joined(), unheard.steps.joined()) {
            #expect(hypothesis.parent == other.parent && hypothesis.piece == other.piece)
            #expect(abs(hypothesis.logProbability - other.logProbability) < 1e-4)
        }
        let graded = try translator.trace("the quick fox", and: nil, heads: .all, weights: .gradient)
        #expect(graded.attention.map(\.kind) == [.encoder, .cross])
        #expect(graded.attention.allSatisfy { $0.weights.contains { $0 > 0 } && $0.weights.allSatisfy(\.isFinite) })
    }

    /// Without masks and places, the logarithms of a row's weights differ as its scores do.
    @Test func neuronsAddUpToScores() throws {
        let model = try TraceableModels.model(at: TaskTests.root + "vectors")
        let words = try model.trace("The cat sleeps.", and: nil, heads: .all).map(of: .encoder).target
        let pairs = try words.indices.map { place in
            try model.neurons(
                of: HeadIndex(layer: 1, head: 1), .encoder, TraceFocus(word: words[1], target: words[place]),
                ModelTrace.Grain(), in: "The cat sleeps.", and: nil)
        }
        for pair in pairs {
            #expect(pair.query == pairs[0].query && pair.query.count == 4)
            let ratio = Float(log(Double(pair.weight / pairs[0].weight)))
            #expect(abs(pair.score - pairs[0].score - ratio) < 1e-4)
        }
        #expect(throws: TraceError.noWord("dog", known: words)) {
            try model.neurons(
                of: HeadIndex(layer: 0, head: 0), .encoder, TraceFocus(word: "dog"), ModelTrace.Grain(),
                in: "The cat sleeps.", and: nil)
        }
    }

    /// Recurrent models look, but not by heads that project values.
    @Test func whatHasNoHeadsIsRefused() throws {
        let translator = Translator(folder: try .tinyRecurrent())
        #expect(throws: TraceWeightsError.noHeads("value-weighted", kind: "cross")) {
            try translator.trace("the quick fox", and: nil, heads: .all, weights: .valueWeighted)
        }
    }
}
