import AttentionDecoding
import AttentionTensors
import Testing

/// Beams whose continuations are drawn.
@Suite struct BeamSamplingTests {
    private static let decoder = HistoryDecoder(vocabularySize: 7, spread: 1)

    private func found(
        _ sampling: Sampling?, seed: UInt64 = 1, sources: [Int] = [0, 1, 2], hypothesisCount: Int = 3
    ) throws -> [[Fingerprint]] {
        let rules = TokenRules(endTokens: [0])
        let search = BeamSearch(
            beamSize: 3, hypothesisCount: hypothesisCount, lengthNormalization: .power(1), ending: .hopeless,
            sampling: sampling.map { BeamSampling($0, key: RandomKey(seed: seed)) }, tokens: rules)
        return try search.search(
            Self.decoder, from: HistoryDecoder.start(sources), prompts: sources.map { _ in [2, 3] },
            stepLimits: sources.map { 6 + $0 }
        ).map { $0.map(Fingerprint.init) }
    }

    private func sampling(_ temperature: Double, topK: Int? = nil) -> Sampling {
        Sampling(temperature: temperature, topK: topK, tokens: TokenRules(endTokens: []))
    }

    /// The colder, the more a beam search.
    @Test func withoutHeatItIsABeamSearch() throws {
        let beams = try found(nil)
        for temperature in [0, 1e-12, 1e-300] {
            for seed in 0..<4 as Range<UInt64> { #expect(try found(sampling(temperature), seed: seed) == beams) }
        }
        #expect(try found(sampling(1e-12, topK: 7)) == beams)
    }

    @Test func aSeedSaysEverything() throws {
        let first = try found(sampling(2), seed: 5)
        #expect(try found(sampling(2), seed: 5) == first)
        let others = try (0..<12 as Range<UInt64>).map { try found(sampling(2), seed: $0) }
        #expect(Set(others.map { $0[0][0].tokens }).count > 4)
        // A source does not depend on those behind it.
        #expect(try found(sampling(2), seed: 5, sources: [0, 1]) == Array(first.prefix(2)))
    }

    /// Two steps of two beams over five words, against the sum over all orders in which candidates can be drawn.
    @Test(arguments: [1, 0.5, 2.5]) func textsComeAsOftenAsTheirDrawsSay(temperature: Double) throws {
        // No two texts are equally likely.
        let rows = [
            [0.41, 0.05, 0.15, 0.09, 0.3], [0.11, 0.19, 0.31, 0.14, 0.25], [0.02, 0.51, 0.08, 0.29, 0.1],
            [0.17, 0.23, 0.07, 0.35, 0.18], [0.28, 0.13, 0.22, 0.06, 0.31],
        ]
        let (beamSize, drawCount) = (2, 4)
        typealias Candidate = (tokens: [Int], probability: Double)
        /// All sets of candidates that may be drawn, cut to those that live on, with how likely that is.
        func draws(_ candidates: [Candidate]) -> [(kept: [Candidate], share: Double)] {
            let weights = candidates.map { power($0.probability, 1 / temperature) }
            var result: [[Int]: Double] = [:]
            func go(_ chosen: [Int], _ rest: Double, _ share: Double) {
                guard chosen.count < drawCount else {
                    let ranked = chosen.sorted { candidates[$0].probability > candidates[$1].probability }
                    result[Array(ranked.prefix(beamSize)), default: 0] += share
                    return
                }
                for next in candidates.indices where !chosen.contains(next) {
                    go(chosen + [next], rest - weights[next], share * weights[next] / rest)
                }
            }
            go([], weights.reduce(0, +), 1)
            return result.map { (kept: $0.key.map { candidates[$0] }, share: $0.value) }
        }
        func continued(_ live: [Candidate], from start: Int) -> [Candidate] {
            live.flatMap { text in
                rows[text.tokens.last ?? start].enumerated().map {
                    (tokens: text.tokens + [$0.offset], probability: text.probability * $0.element)
                }
            }
        }
        var expected: [[Int]: Double] = [:]
        for (live, share) in draws(continued([([], 1)], from: 0)) {
            for (kept, later) in draws(continued(live, from: 0)) {
                expected[kept[0].tokens, default: 0] += share * later
            }
        }
        #expect(abs(expected.values.reduce(0, +) - 1) < 1e-9)
        let runs = 3000
        let found = try BeamSearch(
            beamSize: beamSize, lengthNormalization: .none, ending: .hopeless,
            sampling: BeamSampling(sampling(temperature), key: RandomKey(seed: 9)), tokens: TokenRules(endTokens: [])
        ).search(
            MarkovDecoder(probabilities: rows), from: .init(rowCount: runs),
            prompts: [[Int]](repeating: [0], count: runs), stepLimits: [Int](repeating: 2, count: runs))
        let counts = found.reduce(into: [:]) { $0[$1[0].tokens, default: 0] += 1 } as [[Int]: Int]
        #expect(Set(counts.keys).isSubset(of: expected.keys) && counts.count > 3)
        for (tokens, share) in expected {
            let deviation = (Double(runs) * share * (1 - share)).squareRoot()
            #expect(abs(Double(counts[tokens] ?? 0) - Double(runs) * share) <= 5 * deviation + 1, "\(tokens)")
        }
    }

    @Test func whatMakesNoSenseIsRefused() {
        let error = #expect(throws: SearchError.self) { try found(sampling(1, topK: 0)) }
        #expect(error?.description == "search: expected at least 1 as topK, found 0")
    }
}
