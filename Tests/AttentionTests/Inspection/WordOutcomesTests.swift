import Attention
import AttentionTestSupport
import Testing

/// What outcomes depend on: by hand, by laws, and on models.
@Suite struct WordOutcomesTests {
    private let vectors = Tensor.uniform([4, 3], in: -1...1, key: RandomKey(seed: 1))
    private let direction = Tensor.uniform([3], in: -1...1, key: RandomKey(seed: 2))
    private let shares = Tensor.uniform([2, 4], in: -1...1, key: RandomKey(seed: 3))

    /// f_q(x) = Σ_k a_qk ⟨w, x_k⟩: every measure is |a_qk ⟨w, x_k⟩|.
    @Test func ofALinearFunctionAllMeasuresAreOne() throws {
        let linear = WordOutcomes(vectors: vectors) { x in
            try ((x * direction).sum(axis: 2).unsqueezed(axis: 1) * shares).sum(axis: 2)
        }
        let words = try (vectors * direction).sum(axis: 1).values
        let groups = [[0], [1], [2, 3]]
        let expected = (0..<2).map { row in
            groups.map { group in abs(group.reduce(0) { $0 + shares[row, $1] * words[$1] }) }
        }
        for found in [
            try linear.leaveOneOut(groups), try linear.gradients(groups), try linear.integratedGradients(groups),
        ] {
            for (row, wanted) in zip(found.joined(), expected.joined()) { #expect(abs(row - wanted) < 1e-5) }
        }
    }

    /// f(x) = (Σ_k ⟨w, x_k⟩)²: integrated gradients sum to f(x) − f(0), gradients to twice that.
    @Test func integratedGradientsSumToTheOutcome() throws {
        let square = WordOutcomes(vectors: vectors) { x in
            let sum = try (x * direction).sum(axis: 2).sum(axis: 1, keepingAxis: true)
            return sum * sum
        }
        let outcome = try square.outcomes(vectors.unsqueezed(axis: 0)).values[0]
        #expect(abs(try square.integrated(steps: 5)[0].reduce(0, +) - outcome) < 1e-5)
        #expect(abs(try square.gradients([[0, 1, 2, 3]])[0][0] - 2 * outcome) < 1e-5)
    }

    /// Of an encoder: every state is wholly what it is, integrals are whole, and gradients are slopes.
    @Test func anEncoderKeepsTheLaws() throws {
        let model = try TraceableModels.model(at: TaskTests.root + "vectors")
        let found = try model.outcomes(.encoder, "The cat sleeps.", and: nil)
        func outcomes(_ scale: Float) throws -> [Float] {
            try found.outcomes((found.vectors * scale).unsqueezed(axis: 0)).values
        }
        let (plain, nothing) = (try outcomes(1), try outcomes(0))
        #expect(plain.allSatisfy { abs($0 - 1) < 1e-5 })
        for (row, sum) in try found.integrated(steps: 256).map({ $0.reduce(0, +) }).enumerated() {
            #expect(abs(sum - (plain[row] - nothing[row])) < 0.02, "\(row)")
        }
        let all = Array(0..<found.vectors.shape[0])
        let (above, below) = (try outcomes(1.01), try outcomes(0.99))
        for (row, slope) in try found.gradients([all]).enumerated() {
            #expect(abs(slope[0] - abs(above[row] - below[row]) / 0.02) < 1e-2, "\(row)")
        }
        // Leaving a word out is a text with one vector of zeros.
        var values = found.vectors.values
        let size = found.vectors.shape[1]
        for place in size..<2 * size { values[place] = 0 }
        let without = try found.outcomes(Tensor(values, shape: Shape([1] + found.vectors.shape.dimensions))).values
        for (row, change) in try found.leaveOneOut([[0], [1]]).enumerated() {
            #expect(abs(change[1] - abs(without[row] - plain[row])) < 1e-6)
        }
        #expect(try found.effect(of: .none).allSatisfy { $0 == 0 })
        #expect(try found.effect(of: Ablation([0], of: .encoder, at: 0)).contains { $0 > 1e-4 })
        #expect(throws: FaithfulnessError.kind("cross", known: ["encoder"])) {
            try model.outcomes(.cross, "The cat", and: nil)
        }
    }

    /// Of a translator: what was written has the probability that the search told.
    @Test func aTranslatorsOutcomesAreItsProbabilities() throws {
        for folder in [try ModelFolder.tiny(), try .tinyRecurrent()] {
            let translator = Translator(folder: folder)
            let best = try translator.translate("the quick fox")
            let found = try translator.outcomes(.cross, "the quick fox")
            let outcomes = try found.outcomes(found.vectors.unsqueezed(axis: 0)).values
            // Models without training write to the limit: what was cut off has no end, whose probability is the last outcome.
            let sums = [outcomes.reduce(0, +), outcomes.dropLast().reduce(0, +)]
            #expect(sums.contains { abs(Double($0) - best.logProbability) < 1e-3 }, "\(sums) \(best.logProbability)")
        }
        let states = try Translator(folder: try .tiny()).outcomes(.encoder, "the quick fox")
        #expect(try states.outcomes(states.vectors.unsqueezed(axis: 0)).values.allSatisfy { abs($0 - 1) < 1e-5 })
    }

    @Test func aLanguageModelsOutcomesAreItsScores() throws {
        let path = TaskTests.root + "continuations"
        let found = try TraceableModels.model(at: path).outcomes(.decoder, "The cat sleeps.", and: nil)
        let scores = try TextScorer(path: path).score("The cat sleeps.").logProbabilities
        let outcomes = try found.outcomes(found.vectors.unsqueezed(axis: 0)).values
        #expect(outcomes.count == scores.count + 1 && outcomes.last == 0)
        for (one, other) in zip(outcomes, scores) { #expect(abs(one - other) < 1e-4) }
        // What comes later changes nothing that came before.
        let changes = try found.leaveOneOut([[outcomes.count - 1]])
        #expect(changes.dropLast().allSatisfy { $0[0] == 0 })
    }

    @Test func aPictureIsAsked() throws {
        let translator = Translator(folder: try .tiny())
        let trace = try translator.trace("the quick fox")
        let found = try translator.faithfulness(of: trace, "the quick fox", .init(.cross))
        let heads = translator.heads[.cross]
        #expect(found.heads.count == heads.reduce(0, +) && found.heads.allSatisfy { $0.head.hasPrefix("cross ") })
        let seen = try trace.matrix(.alignment, of: .cross)
        #expect(try found.attention == seen.renamed(trace.name))
        #expect(found.importances.count == 3 && found.agreements.allSatisfy { $0.kendall != nil })
        // A word is its pieces, and only its rows are compared.
        let grain = ModelTrace.Grain(joinsWords: true, showsSpecial: false)
        let one = try translator.faithfulness(
            of: trace, "the quick fox", .init(.encoder, grain, word: "fox", target: "quick"))
        #expect(one.attention.target == ["fox"] && one.attention.source == ["the", "quick", "fox"])
        let map = try trace.map(of: .encoder, grain)
        let weight = one.heads.first { $0.head == "encoder 1.2" }?.weight
        #expect(abs(try #require(weight) - Double(map.weights[0][1][2][1])) < 1e-6)
        #expect(throws: FaithfulnessError.noWord("dog", known: ["the", "quick", "fox"])) {
            try translator.faithfulness(of: trace, "the quick fox", .init(.encoder, grain, word: "dog"))
        }
    }
}

extension AlignmentMatrix {
    fileprivate func renamed(_ name: String) throws -> AlignmentMatrix {
        try AlignmentMatrix(name: name, source: source, target: target, weights: weights)
    }
}
