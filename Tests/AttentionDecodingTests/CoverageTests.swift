import AttentionDecoding
import AttentionTensors
import Testing

private let rules = TokenRules(endTokens: [0])

/// A decoder that looks at three source tokens with two heads, where it has written what.
private struct LookingDecoder: StepDecoder {
    let history: HistoryDecoder

    /// Where it looks, [H][K], after this history.
    func looks(_ source: Int, _ tokens: [Int]) -> [[Float]] {
        let key = tokens.reduce(RandomKey(seed: 7)[source]) { $0[$1] }
        return (0..<2).map { head in
            let values = Tensor.uniform([3], in: 0...1, key: key[head]).values
            return values.map { $0 * $0 / 2 }
        }
    }

    func step(
        _ tokens: [[Int]], _ state: inout HistoryDecoder.State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        var step = try history.step(tokens, &state, wanting: .logits)
        guard outputs.contains(.alignments) else { return step }
        let all = tokens.indices.flatMap { looks(state.sources[$0], state.histories[$0]).flatMap(\.self) }
        step.alignments = try Tensor(all, shape: [tokens.count, 1, 1, 2, 3])
        return step
    }
}

@Suite struct CoverageTests {
    private let decoder = LookingDecoder(history: HistoryDecoder(vocabularySize: 4, spread: 1))

    /// −Σ_i ln min(Σ_j α_ij, 1), the slow way.
    private func loss(_ source: Int, _ tokens: [Int], head: Int?, length: Int) -> Double {
        let looks = tokens.indices.map { decoder.looks(source, [2] + tokens.prefix($0)) }
        return (0..<length).reduce(0) { sum, key in
            let coverage = looks.reduce(0.0) { coverage, heads in
                coverage + (head.map { Double(heads[$0][key]) } ?? Double(heads[0][key] + heads[1][key]) / 2)
            }
            return sum - logarithm(min(max(coverage, 1e-4), 1))
        }
    }

    @Test(arguments: [0, 1, nil], [2, 3])
    func aBeamWideEnoughFindsTheBest(head: Int?, length: Int) throws {
        let look = head.map { CoveragePenalty.Look.head(layer: 0, head: $0) } ?? .mean
        let search = BeamSearch(
            beamSize: 1000, hypothesisCount: 10, lengthNormalization: .gnmt(alpha: 1),
            coveragePenalty: CoveragePenalty(weight: 0.7, look: look), tokens: rules)
        for source in 0..<4 {
            let found = try search.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[2]], stepLimits: [5],
                sourceLengths: [length])[0]
            func score(_ sequence: (tokens: [Int], sum: Double)) -> Double {
                sequence.sum / gnmt(sequence.tokens.count + 1, 1)
                    - 0.7 * loss(source, sequence.tokens, head: head, length: length)
            }
            let all = allSequences(of: decoder.history, source: source, start: 2, stepLimit: 5)
            let best = all.sorted { score($0) > score($1) }.prefix(10)
            #expect(found.map(\.tokens) == best.map(\.tokens))
            for (hypothesis, expected) in zip(found, best) {
                #expect(abs(hypothesis.score - score(expected)) < 1e-4)
                #expect(abs(hypothesis.logProbability - expected.sum) < 1e-5)
                #expect(hypothesis.alignments == nil)
            }
        }
    }

    @Test func noWeightIsNoPenalty() throws {
        for weight in [0, 0.5] {
            let plain = BeamSearch(beamSize: 5, hypothesisCount: 5, tokens: rules)
            var search = plain
            search.coveragePenalty = CoveragePenalty(weight: weight)
            let results = try [plain, search].map {
                try $0.search(
                    decoder, from: HistoryDecoder.start([1, 2]), prompts: [[2], [2]], stepLimits: [6, 6], aligning: true
                ).map { $0.map(Fingerprint.init) }
            }
            #expect((results[0] == results[1]) == (weight == 0))
        }
    }

    @Test func modelsWithoutAttentionLoseNothing() throws {
        var search = BeamSearch(beamSize: 3, lengthNormalization: .none, tokens: rules)
        let plain = try search.search(
            BeamSearchTests.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [9])
        search.coveragePenalty = CoveragePenalty(weight: 1)
        let same = try search.search(
            BeamSearchTests.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [9])
        #expect(plain[0].map(Fingerprint.init) == same[0].map(Fingerprint.init))
    }

    @Test func whatMakesNoSenseIsRefused() {
        for weight in [-1, .nan, .infinity] {
            let search = BeamSearch(coveragePenalty: CoveragePenalty(weight: weight), tokens: rules)
            let error = #expect(throws: SearchError.self) {
                try search.search(
                    BeamSearchTests.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [9])
            }
            #expect(
                error?.description
                    == "search: expected a finite number from 0 up as the weight of coverage, found \(weight)")
        }
        let error = #expect(throws: SearchError.self) {
            try BeamSearch(tokens: rules).search(
                BeamSearchTests.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [9],
                sourceLengths: [1, 2])
        }
        #expect(error?.description == "search: expected a length for each of 1 sources, found 2")
    }
}
