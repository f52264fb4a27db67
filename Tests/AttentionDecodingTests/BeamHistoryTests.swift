import AttentionDecoding
import AttentionTensors
import Testing

private let rules = TokenRules(endTokens: [0])

/// What a beam search writes down of itself.
@Suite struct BeamHistoryTests {
    /// Of each step who came of whom: those that ended are nobody's parents.
    @Test func aSearchByHand() throws {
        let search = BeamSearch(beamSize: 3, hypothesisCount: 3, lengthNormalization: .none, tokens: rules)
        let found = try search.recordedSearch(
            BeamSearchTests.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [10])[0]
        let steps = found.history.steps
        #expect(steps.map(\.count) == [2, 5, 5])
        #expect(steps[0].map(\.token) == [1, 2] && steps[0].map(\.parent) == [0, 0])
        #expect(steps[1].map(\.token) == [0, 0, 1, 2, 1] && steps[1].map(\.parent) == [1, 0, 0, 0, 1])
        #expect(steps[2].prefix(4).map(\.token) == [0, 0, 1, 2] && steps[2].prefix(4).map(\.parent) == [3, 2, 2, 2])
        for (step, probabilities) in zip(
            steps, [[0.6, 0.4], [0.36, 0.3, 0.18, 0.12, 0.02], [0.108, 0.09, 0.054, 0.036, 0.006]])
        {
            for (entry, probability) in zip(step, probabilities) {
                #expect(abs(entry.logProbability - logarithm(probability)) < 1e-6)
                #expect(entry.score == (entry.token == 0 ? entry.logProbability : nil))
            }
        }
        #expect(found.hypotheses.map(\.tokens) == [[2], [1], [1, 2]])
        #expect(found.hypotheses.map { found.history.path(to: $0) } == [[1, 0], [0, 1], [0, 3, 0]])
        let renamed = found.history.renaming { 10 * $0 }
        #expect(renamed.steps[1].map(\.token) == [0, 0, 10, 20, 10])
        #expect(renamed.path(to: found.hypotheses[2].renaming { 10 * $0 }) == [0, 3, 0])
    }

    /// What generation finds is the same, written down or not; one hypothesis alone is no beam.
    @Test func generationIsWrittenDown() throws {
        var configuration = GenerationConfiguration()
        (configuration.beamSize, configuration.returnCount, configuration.newTokenLimit) = (3, 2, 6)
        configuration.endTokens = [0]
        let decoder = HistoryDecoder(vocabularySize: 7, spread: 2)
        let (state, prompts) = (HistoryDecoder.start([3, 5]), [[4], [1]])
        let plain = try Generation(configuration)(decoder, from: state, prompts: prompts)
        let recorded = try Generation(configuration).recorded(decoder, from: state, prompts: prompts)
        #expect(recorded.count == 2 && plain.allSatisfy { $0.count == 2 })
        for (found, expected) in zip(recorded, plain) {
            #expect(found.hypotheses.map(Fingerprint.init) == expected.map(Fingerprint.init))
            for hypothesis in found.hypotheses {
                let path = try #require(found.history.path(to: hypothesis))
                #expect(zip(found.history.steps, path).map { $0[$1].token } == hypothesis.written)
            }
        }
        (configuration.beamSize, configuration.returnCount) = (1, 1)
        let greedy = try Generation(configuration).recorded(decoder, from: state, prompts: prompts)
        #expect(greedy.allSatisfy { $0.history == BeamHistory() && $0.hypotheses.count == 1 })
    }

    /// A beam wide enough holds every sequence of each length, and each that ended one token earlier.
    @Test func aWideBeamHoldsEverything() throws {
        let decoder = HistoryDecoder(vocabularySize: 4, spread: 1)
        let search = BeamSearch(beamSize: 200, hypothesisCount: 200, tokens: rules)
        let history = try search.recordedSearch(
            decoder, from: HistoryDecoder.start([6]), prompts: [[2]], stepLimits: [3])[0].history
        #expect(history.steps.map(\.count) == [4, 12, 36])
        for (step, entries) in history.steps.enumerated() {
            var seen: Set<[Int]> = []
            for place in entries.indices {
                let path = history.path(toStep: step, at: place)
                let tokens = zip(history.steps, path).map { $0[$1].token }
                let isNew = seen.insert(tokens).inserted
                #expect(isNew && tokens.count == step + 1)
                #expect((tokens.last == 0) == (entries[place].score != nil) && !tokens.dropLast().contains(0))
                let sum = tokens.indices.reduce(0.0) { sum, index in
                    let logits = decoder.logits(source: 6, history: [2] + tokens.prefix(index))
                    return sum + logProbabilities(logits)[tokens[index]]
                }
                #expect(abs(entries[place].logProbability - sum) < 1e-5)
            }
        }
    }

    @Test(arguments: [1, 2, 5], [BeamSearch.Ending.proven, .full, .unlikely])
    func everyStepGoesOnTheOneBefore(beamSize: Int, ending: BeamSearch.Ending) throws {
        let decoder = HistoryDecoder(vocabularySize: 7, spread: 2)
        let search = BeamSearch(
            beamSize: beamSize, hypothesisCount: beamSize, lengthNormalization: .mean, ending: ending, tokens: rules)
        let (state, prompts, limits) = (
            HistoryDecoder.start(Array(0..<5)), [[3], [4], [5], [3], [1]], [9, 0, 20, 1, 6]
        )
        let plain = try search.search(decoder, from: state, prompts: prompts, stepLimits: limits, aligning: true)
        let recorded = try search.recordedSearch(
            decoder, from: state, prompts: prompts, stepLimits: limits, aligning: true)
        #expect(recorded.count == 5 && recorded[1].history == BeamHistory())
        for (found, expected) in zip(recorded, plain) {
            // To write it down changes nothing.
            #expect(found.hypotheses.map(Fingerprint.init) == expected.map(Fingerprint.init))
            let steps = found.history.steps
            for (step, entries) in steps.enumerated() {
                #expect(entries.count { $0.score == nil } <= beamSize && entries.count { $0.score != nil } <= beamSize)
                for entry in entries where step > 0 {
                    let parent = steps[step - 1][entry.parent]
                    #expect(parent.score == nil && entry.logProbability < parent.logProbability)
                }
            }
            // What was found has come through it.
            for hypothesis in found.hypotheses where !hypothesis.tokens.isEmpty || hypothesis.isFinished {
                let path = try #require(found.history.path(to: hypothesis))
                let last = steps[path.count - 1][path[path.count - 1]]
                #expect(last.logProbability == hypothesis.logProbability)
                #expect(last.score == (hypothesis.isFinished ? hypothesis.score : nil))
                #expect(
                    zip(steps, path).map { $0[$1].token } == hypothesis.tokens + (hypothesis.isFinished ? [0] : []))
            }
        }
        // What is not of this search stands nowhere in it.
        let nothing = try #require(plain[1].first)
        #expect(recorded[0].history.path(to: nothing) == nil)
    }
}
