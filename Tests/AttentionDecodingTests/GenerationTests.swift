import AttentionDecoding
import AttentionTensors
import Testing

/// Searches as transformers ends them.
@Suite struct GenerationTests {
    private func generated(
        _ change: (inout GenerationConfiguration) -> Void, prompt: [Int] = [2, 3], source: Int = 0
    ) throws -> [Hypothesis] {
        var configuration = GenerationConfiguration()
        (configuration.newTokenLimit, configuration.endTokens) = (6, [0])
        change(&configuration)
        return try Generation(configuration)(
            HistoryDecoder(vocabularySize: 6, spread: 1), from: HistoryDecoder.start([source]), prompts: [prompt])[0]
    }

    /// A beam wide enough holds the best of all sequences, whether they ended or were cut off.
    @Test(arguments: [0, 0.7, 1, -1]) func aBeamWideEnoughFindsTheBest(exponent: Double) throws {
        let decoder = HistoryDecoder(vocabularySize: 4, spread: 1)
        for source in 0..<4 {
            var configuration = GenerationConfiguration()
            (configuration.newTokenLimit, configuration.endTokens, configuration.ending) = (4, [0], .hopeless)
            (configuration.beamSize, configuration.returnCount, configuration.lengthPenalty) = (200, 5, exponent)
            let found = try Generation(configuration)(decoder, from: HistoryDecoder.start([source]), prompts: [[2]])[0]
            func score(_ sequence: (tokens: [Int], sum: Double), ended: Bool) -> Double {
                sequence.sum / power(Double(sequence.tokens.count + (ended ? 1 : 0)), exponent)
            }
            let ended = allSequences(of: decoder, source: source, start: 2, stepLimit: 4).map { score($0, ended: true) }
            let best = ended.max() ?? -.infinity
            let cut = found.filter { $0.endToken == nil }
            #expect(found[0].score >= best - 1e-6)
            #expect(cut.allSatisfy { $0.tokens.count == 4 })
            #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        }
    }

    @Test func endsComeSoonerOrLater() throws {
        for source in 0..<6 {
            let endings: [BeamSearch.Ending] = [.full, .unlikely, .hopeless]
            let best = try endings.map { ending in
                try generated({ ($0.beamSize, $0.ending) = (3, ending) }, source: source)[0].score
            }
            #expect(best[0] <= best[1] + 1e-9 && best[1] <= best[2] + 1e-9)
        }
    }

    @Test func aPromptOfSeveralTokensIsRead() throws {
        let long = try generated({ _ in }, prompt: [1, 4, 2, 3])[0]
        let decoder = HistoryDecoder(vocabularySize: 6, spread: 1)
        var tokens: [Int] = []
        while tokens.count < 6 {
            let logits = decoder.logits(source: 0, history: [1, 4, 2, 3] + tokens)
            let next = logits.indices.max { logits[$0] < logits[$1] } ?? 0
            if next == 0 { break }
            tokens.append(next)
        }
        #expect(long.tokens == tokens)
    }

    @Test func tokensAreToldAtOnce() throws {
        var told: [Int] = []
        var configuration = GenerationConfiguration()
        (configuration.newTokenLimit, configuration.endTokens) = (6, [0])
        let found = try Generation(configuration)(
            HistoryDecoder(vocabularySize: 6), from: HistoryDecoder.start([1]), prompts: [[2]]
        ) { row, token in told.append(row * 100 + token.choice.token) }
        #expect(told == found[0][0].tokens)
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        for (change, sentence) in [
            (
                { $0.returnCount = 2 },
                "search: expected 1 without beams or sampling, which find no second text, as returnCount, found 2"
            ),
            ({ $0.repetitionPenalty = 0 }, "search: expected a finite number above 0 as repetitionPenalty, found 0.0"),
            (
                { $0.repeatedSequenceLength = -1 },
                "search: expected at least 1 as the length of repeated sequences, found -1"
            ),
            (
                { ($0.beamSize, $0.isSampling, $0.temperature) = (2, true, -1) },
                "search: expected a finite number from 0 up as temperature, found -1.0"
            ),
            ({ ($0.minP, $0.isSampling) = (2, true) }, "search: expected a share of 0 to 1 as minP, found 2.0"),
        ] as [((inout GenerationConfiguration) -> Void, String)] {
            let error = #expect(throws: SearchError.self) { try generated(change) }
            #expect(error?.description == sentence)
        }
    }
}
