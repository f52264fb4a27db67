import AttentionDecoding
import AttentionTensors
import Testing

/// What processors do to scores; numbers by hand.
@Suite struct ProcessorTests {
    private func processed(
        _ processor: any LogitProcessor, _ scores: [Float], prompt: [Int] = [], tokens: [Int] = [], limit: Int = 10
    ) -> [Float] {
        var scores = scores
        scores.withUnsafeMutableBufferPointer {
            processor.process(TokenScores($0), after: WrittenText(prompt: prompt, tokens: tokens, limit: limit))
        }
        return scores
    }

    private let none = -Float.infinity

    @Test func penalties() {
        let repeated = processed(RepetitionPenalty(2), [1, -1, 3, 4], prompt: [0, 1, 1], tokens: [3, 9])
        #expect(repeated == [0.5, -2, 3, 2])
        #expect(processed(PresencePenalty(0.5), [1, -1, 3, 4], prompt: [0], tokens: [1, 1, 3]) == [1, -1.5, 3, 3.5])
    }

    @Test func sequencesAreNotRepeated() throws {
        let pairs = try RepeatedSequences(of: 2)
        #expect(processed(pairs, [0, 0, 0, 0], prompt: [1, 2, 1], tokens: [3, 1]) == [0, 0, none, none])
        #expect(processed(pairs, [0, 0, 0], prompt: [1]) == [0, 0, 0])
        #expect(processed(try RepeatedSequences(of: 1), [0, 0, 0], prompt: [1], tokens: [0]) == [none, none, 0])
    }

    @Test func wordsAreFavouredOrForbidden() {
        let words = SequenceBias([[0]: 1, [2, 1]: 5, [3, 2, 0]: -2])
        #expect(processed(words, [0, 0, 0, 0], prompt: [3], tokens: [2]) == [-1, 5, 0, 0])
        #expect(processed(words, [0, 0, 0, 0], tokens: [1]) == [1, 0, 0, 0])
        #expect(processed(SequenceBias.forbidding([[2], [1, 0]]), [0, 0, 0], tokens: [1]) == [none, 0, none])
    }

    @Test func lengthsAndPlaces() {
        let long = MinimumLength(3, before: [0, 7])
        #expect(processed(long, [1, 1], prompt: [1, 1, 1], tokens: [1, 1]) == [none, 1])
        #expect(processed(long, [1, 1], tokens: [1, 1, 1]) == [1, 1])
        #expect(
            processed(MinimumLength(3, before: [0], includingPrompt: true), [1, 1], prompt: [1, 1], tokens: [1]) == [
                1, 1,
            ])
        let first = SuppressedTokens([1], at: .behind(0))
        #expect(processed(first, [1, 1], prompt: [0]) == [1, none])
        #expect(processed(first, [1, 1], prompt: [0], tokens: [0]) == [1, 1])
        #expect(processed(ForcedTokens([1], at: .second), [3, 4, 5], prompt: [2]) == [none, 0, none])
        #expect(processed(ForcedTokens([1], at: .second), [3, 4, 5], prompt: [2, 2]) == [3, 4, 5])
        #expect(processed(ForcedTokens([0, 2], at: .last), [3, 4, 5], tokens: [1], limit: 2) == [0, none, 0])
        #expect(processed(ForcedTokens([0], at: .last), [3, 4, 5], tokens: [], limit: 2) == [3, 4, 5])
    }

    @Test func textsBeginAsTheyMust() throws {
        let constraint = PrefixConstraint([[1, 2], [1, 0, 3]], notFollowedBy: [3])
        #expect(processed(constraint, [0, 0, 0, 0]) == [none, 0, none, none])
        #expect(processed(constraint, [0, 0, 0, 0], prompt: [2], tokens: [1]) == [0, none, 0, none])
        #expect(processed(constraint, [0, 0, 0, 0], tokens: [1, 0]) == [none, none, none, 0])
        #expect(processed(constraint, [0, 0, 0, 0], tokens: [1, 2]) == [0, 0, 0, none])
        #expect(processed(constraint, [0, 0, 0, 0], tokens: [1, 2, 0]) == [0, 0, 0, 0])
        #expect([[1], [1, 2], [1, 2, 0], [1, 0, 3]].map(constraint.stops(behind:)) == [false, true, false, true])
        // A beam as wide as there are beginnings has the likelihood of each, however unlikely it is.
        let decoder = MarkovDecoder(probabilities: [
            [0.5, 0.3, 0.15, 0.05], [0.6, 0.2, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25],
        ])
        let search = BeamSearch(
            beamSize: 2, hypothesisCount: 2, lengthNormalization: .none,
            tokens: TokenRules(endTokens: [9], processors: [constraint], stops: [constraint]))
        let found = try search.search(decoder, from: .init(rowCount: 1), prompts: [[0]], stepLimits: [5])[0]
        #expect(found.map(\.tokens) == [[1, 2], [1, 0, 3]])
        for (hypothesis, probability) in zip(found, [0.3 * 0.1, 0.3 * 0.6 * 0.05]) {
            #expect(abs(hypothesis.logProbability - logarithm(probability)) < 1e-5)
        }
    }

    @Test func whatIsLeftIsADistribution() {
        let found = processed(Renormalization(), [0, none, Float(logarithm(3))])
        for (x, y) in zip(found, [Float(logarithm(0.25)), none, Float(logarithm(0.75))]) {
            #expect(abs(x - y) < 1e-6 || x == y)
        }
        #expect(processed(Renormalization(), [none, none]) == [none, none])
    }
}
