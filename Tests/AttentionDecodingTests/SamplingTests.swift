import AttentionDecoding
import AttentionTensors
import Testing

private let rules = TokenRules(endTokens: [0])

@Suite struct SamplingTests {
    /// How often each token comes first in many samples.
    private func counts(
        _ probabilities: [Double], temperature: Double = 1, topK: Int? = nil, topP: Double? = nil,
        banned: Set<Int> = [], sampleCount: Int = 20_000
    ) throws -> [Int] {
        let sampling = Sampling(
            temperature: temperature, topK: topK, topP: topP, sampleCount: sampleCount,
            tokens: TokenRules(endTokens: [], bannedTokens: banned))
        let samples = try sampling.search(
            MarkovDecoder(probabilities: [probabilities]), from: .init(rowCount: 1), prompts: [[0]], stepLimits: [1],
            keys: [RandomKey(seed: 11)])[0]
        #expect(samples.count == sampleCount)
        return samples.reduce(into: [Int](repeating: 0, count: probabilities.count)) { $0[$1.tokens[0]] += 1 }
    }

    /// Counts that lie within five standard deviations of what is expected.
    private func expect(
        _ counts: [Int], near probabilities: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let total = Double(counts.reduce(0, +))
        for (count, probability) in zip(counts, probabilities) {
            let deviation = (total * probability * (1 - probability)).squareRoot()
            #expect(abs(Double(count) - total * probability) <= 5 * deviation, sourceLocation: sourceLocation)
        }
    }

    @Test func tokensComeAsOftenAsTheirProbabilitySays() throws {
        let probabilities = [0.4, 0.05, 0.3, 0.0, 0.25]
        expect(try counts(probabilities), near: probabilities)
        expect(try counts(probabilities, topK: 2), near: [4.0 / 7, 0, 3.0 / 7, 0, 0])
        expect(try counts(probabilities, topP: 0.71), near: [0.4 / 0.95, 0, 0.3 / 0.95, 0, 0.25 / 0.95])
        expect(try counts(probabilities, topP: 0.69), near: [4.0 / 7, 0, 3.0 / 7, 0, 0])
        expect(try counts(probabilities, topP: 0.01), near: [1, 0, 0, 0, 0])
        expect(try counts(probabilities, topK: 3, topP: 0.5), near: [4.0 / 7, 0, 3.0 / 7, 0, 0])
        expect(try counts(probabilities, banned: [0, 1]), near: [0, 0, 6.0 / 11, 0, 5.0 / 11])
        let squares = probabilities.map { $0 * $0 / 0.315 }
        expect(try counts(probabilities, temperature: 0.5), near: squares)
        expect(try counts(probabilities, temperature: 0), near: [1, 0, 0, 0, 0])
        expect(try counts(probabilities, temperature: 1e-300), near: [1, 0, 0, 0, 0])
    }

    @Test func theNucleusOfALargeFlatVocabulary() throws {
        let probabilities = (0..<1000).map { 2 * Double($0 + 1) / (1000 * 1001) }
        let found = try counts(probabilities, topP: 0.75, sampleCount: 5000)
        // The likeliest n of the tokens hold 1 − (1000 − n)(1001 − n) / (1000 · 1001) ≥ 0.75 from n = 501 on.
        #expect(found[..<499].allSatisfy { $0 == 0 })
        #expect(found[499...].filter { $0 > 0 }.count > 490)
    }

    @Test func cutsThatCutNothingChangeNothing() throws {
        let decoder = HistoryDecoder(vocabularySize: 30, spread: 1)
        func samples(topK: Int?, topP: Double?) throws -> [Fingerprint] {
            try Sampling(topK: topK, topP: topP, sampleCount: 10, tokens: rules).search(
                decoder, from: HistoryDecoder.start([0]), prompts: [[1]], stepLimits: [20],
                keys: [RandomKey(seed: 1)])[0].map(Fingerprint.init)
        }
        let plain = try samples(topK: nil, topP: nil)
        #expect(try samples(topK: 30, topP: nil) == plain)
        #expect(try samples(topK: 1000, topP: 1) == plain)
        #expect(Set(plain.map(\.tokens)).count > 5)
    }

    @Test func aBatchIsSampledLikeItsSources() throws {
        let decoder = HistoryDecoder(vocabularySize: 30, spread: 1)
        let sampling = Sampling(temperature: 0.8, topK: 20, topP: 0.9, sampleCount: 3, tokens: rules)
        let keys = (0..<4).map { RandomKey(seed: 6)[$0] }
        let limits = [20, 0, 3, 50]
        let together = try sampling.search(
            decoder, from: HistoryDecoder.start([0, 1, 2, 3]), prompts: [[1], [2], [3], [4]], stepLimits: limits,
            keys: keys
        )
        for source in 0..<4 {
            let alone = try sampling.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[source + 1]],
                stepLimits: [limits[source]], keys: [keys[source]])[0]
            #expect(alone.map(Fingerprint.init) == together[source].map(Fingerprint.init))
        }
        let fewer = Sampling(temperature: 0.8, topK: 20, topP: 0.9, sampleCount: 2, tokens: rules)
        let two = try fewer.search(
            decoder, from: HistoryDecoder.start([0]), prompts: [[1]], stepLimits: [20], keys: [keys[0]])[0]
        #expect(two.map(Fingerprint.init) == together[0].prefix(2).map(Fingerprint.init))
    }

    @Test func withoutChoiceSamplingIsGreedy() throws {
        let decoder = HistoryDecoder(vocabularySize: 30)
        let start = HistoryDecoder.start([0, 1, 2])
        let greedy = try BeamSearch.greedy(tokens: rules).search(
            decoder, from: start, prompts: [[1], [1], [1]], stepLimits: [20, 20, 20])
        for sampling in [Sampling(temperature: 0, tokens: rules), Sampling(topK: 1, tokens: rules)] {
            let found = try sampling.search(
                decoder, from: start, prompts: [[1], [1], [1]], stepLimits: [20, 20, 20],
                keys: [RandomKey(seed: 1), RandomKey(seed: 2), RandomKey(seed: 3)])
            #expect(found.map { $0.map(Fingerprint.init) } == greedy.map { $0.map(Fingerprint.init) })
        }
    }

    @Test func whatCannotBeDrawnIsRefused() {
        func sample(_ sampling: Sampling, _ logits: [Float] = [0, 0], keys: Int = 1) throws -> [[Hypothesis]] {
            try sampling.search(
                MarkovDecoder(logits: [logits]), from: .init(rowCount: 1), prompts: [[0]], stepLimits: [3],
                keys: (0..<keys).map { RandomKey(seed: 0)[$0] })
        }
        for (sampling, sentence) in [
            (
                Sampling(temperature: -1, tokens: rules),
                "search: expected a finite number from 0 up as temperature, found -1.0"
            ),
            (
                Sampling(temperature: .nan, tokens: rules),
                "search: expected a finite number from 0 up as temperature, found nan"
            ),
            (Sampling(topK: 0, tokens: rules), "search: expected at least 1 as topK, found 0"),
            (Sampling(topP: 0, tokens: rules), "search: expected a share above 0 and at most 1 as topP, found 0.0"),
            (Sampling(topP: .nan, tokens: rules), "search: expected a share above 0 and at most 1 as topP, found nan"),
            (Sampling(sampleCount: 0, tokens: rules), "search: expected at least 1 as sampleCount, found 0"),
        ] {
            let error = #expect(throws: SearchError.self) { try sample(sampling) }
            #expect(error?.description == sentence)
        }
        #expect(throws: SearchError.self) { try sample(Sampling(tokens: rules), keys: 2) }
        for sampling in [
            Sampling(sampleCount: 2, tokens: rules), Sampling(topK: 2, tokens: rules),
            Sampling(topP: 0.5, tokens: rules),
            Sampling(temperature: 0, tokens: rules),
        ] {
            #expect(throws: SearchError.unrankedLogits(source: 0, step: 0)) { try sample(sampling, [0, .nan]) }
            #expect(throws: Never.self) {
                let hopeless = try sample(sampling, [-.infinity, -.infinity])
                #expect(hopeless[0].allSatisfy { $0.tokens.isEmpty && !$0.isFinished })
            }
        }
    }
}
