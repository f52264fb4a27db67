import AttentionDecoding
import AttentionTensors
import Testing

private let rules = TokenRules(endTokens: [0])

@Suite struct BeamSearchTests {
    /// 0 ends, 3 starts: [2] has P 0.36, [1] 0.30, [1, 2] 0.108, [1, 1] 0.09.
    static let markov = MarkovDecoder(probabilities: [
        [1, 0, 0, 0], [0.5, 0.3, 0.2, 0], [0.9, 0.05, 0.05, 0], [0, 0.6, 0.4, 0],
    ])

    private func search(
        _ search: BeamSearch, _ decoder: MarkovDecoder = markov, limit: Int = 10, start: Int = 3
    ) throws -> [Hypothesis] {
        try search.search(decoder, from: .init(rowCount: 1), prompts: [[start]], stepLimits: [limit])[0]
    }

    @Test func findsTheBestFew() throws {
        let best = try search(BeamSearch(beamSize: 4, hypothesisCount: 4, lengthNormalization: .none, tokens: rules))
        #expect(best.map(\.tokens) == [[2], [1], [1, 2], [1, 1]])
        for (hypothesis, probability) in zip(best, [0.36, 0.3, 0.108, 0.09]) {
            #expect(abs(hypothesis.logProbability - logarithm(probability)) < 1e-6)
            #expect(hypothesis.score == hypothesis.logProbability)
            #expect(hypothesis.isFinished && hypothesis.alignments == nil)
            #expect(hypothesis.tokenLogProbabilities.count == hypothesis.tokens.count)
        }
        #expect(abs(best[2].tokenLogProbabilities[1] - Float(logarithm(0.2))) < 1e-6)
    }

    @Test func greedySearchTakesTheLikeliestToken() throws {
        #expect(try search(.greedy(tokens: rules)).map(\.tokens) == [[1]])
        let decoder = HistoryDecoder(vocabularySize: 9)
        for source in 0..<20 {
            var (tokens, isFinished): ([Int], Bool) = ([], false)
            while tokens.count < 12, !isFinished {
                let logits = decoder.logits(source: source, history: [5] + tokens)
                let likeliest = logits.indices.max { logits[$0] < logits[$1] } ?? 0
                if likeliest == 0 { isFinished = true } else { tokens.append(likeliest) }
            }
            for search in [.greedy(tokens: rules), BeamSearch(beamSize: 1, lengthNormalization: .mean, tokens: rules)] {
                let found = try search.search(
                    decoder, from: HistoryDecoder.start([source]), prompts: [[5]], stepLimits: [12])[0]
                #expect(found.map(\.tokens) == [tokens])
                #expect(found[0].isFinished == isFinished)
            }
        }
    }

    @Test(
        arguments: [LengthNormalization.none, .mean, .gnmt(), .gnmt(alpha: 1), .gnmt(alpha: -0.5), .power(0.7)],
        [1, 3, 20])
    func aBeamWideEnoughFindsTheBest(normalization: LengthNormalization, count: Int) throws {
        let decoder = HistoryDecoder(vocabularySize: 4, spread: 1)
        let search = BeamSearch(
            beamSize: 1000, hypothesisCount: count, lengthNormalization: normalization, tokens: rules)
        for source in 0..<8 {
            let found = try search.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[2]], stepLimits: [5])[0]
            func score(_ sequence: (tokens: [Int], sum: Double)) -> Double {
                switch normalization {
                case .none: sequence.sum
                case .power(let exponent): sequence.sum / power(Double(sequence.tokens.count + 1), exponent)
                case .mean: sequence.sum / Double(sequence.tokens.count + 1)
                case .gnmt(let alpha): sequence.sum / gnmt(sequence.tokens.count + 1, alpha)
                }
            }
            let all = allSequences(of: decoder, source: source, start: 2, stepLimit: 5)
            let best = all.sorted { score($0) > score($1) }.prefix(count)
            #expect(found.map(\.tokens) == best.map(\.tokens))
            for (hypothesis, expected) in zip(found, best) {
                #expect(abs(hypothesis.score - score(expected)) < 1e-5)
                #expect(abs(hypothesis.logProbability - expected.sum) < 1e-5)
            }
        }
    }

    @Test(arguments: [1, 2, 5, 40])
    func aBatchIsSearchedLikeItsSources(beamSize: Int) throws {
        let decoder = HistoryDecoder(vocabularySize: 12, spread: 2)
        let search = BeamSearch(beamSize: beamSize, hypothesisCount: min(3, beamSize), tokens: rules)
        let (starts, limits) = ([3, 4, 5, 3, 1, 2], [9, 0, 20, 1, 6, 30])
        let together = try search.search(
            decoder, from: HistoryDecoder.start(Array(0..<6)), prompts: starts.map { [$0] }, stepLimits: limits)
        for source in 0..<6 {
            let alone = try search.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[starts[source]]],
                stepLimits: [limits[source]])
            #expect(alone[0].map(Fingerprint.init) == together[source].map(Fingerprint.init))
        }
    }

    @Test func alignmentsAreAskedForOnlyWhenWanted() throws {
        struct Strict: StepDecoder {
            func step(
                _ tokens: [[Int]], _ state: inout MarkovDecoder.State, wanting outputs: DecoderOutputs
            ) throws(ShapeError) -> DecoderStep {
                guard outputs == .logits else { throw ShapeError("step", expected: "logits alone", found: "more") }
                return DecoderStep(logits: .zeros([tokens.count, 4]))
            }
        }
        let found = try BeamSearch(tokens: TokenRules(endTokens: [3])).search(
            Strict(), from: .init(rowCount: 1), prompts: [[1]], stepLimits: [3])
        #expect(found[0].allSatisfy { $0.alignments == nil })
        #expect(throws: SearchError.self) {
            try BeamSearch(tokens: TokenRules(endTokens: [3])).search(
                Strict(), from: .init(rowCount: 1), prompts: [[1]], stepLimits: [3], aligning: true)
        }
    }

    @Test func alignmentsFollowTheirHypotheses() throws {
        let decoder = HistoryDecoder(vocabularySize: 6, spread: 1)
        let found = try BeamSearch(beamSize: 4, hypothesisCount: 4, tokens: rules).search(
            decoder, from: HistoryDecoder.start([7, 8]), prompts: [[5], [4]], stepLimits: [8, 8], aligning: true)
        for (source, start, hypotheses) in [(7, 5, found[0]), (8, 4, found[1])] {
            for hypothesis in hypotheses where !hypothesis.tokens.isEmpty {
                let read = [start] + hypothesis.tokens.dropLast()
                #expect(hypothesis.alignments?.shape == [hypothesis.tokens.count, 1, 1, 2])
                #expect(hypothesis.alignments?.values == read.flatMap { [Float(source), Float($0)] })
            }
        }
        #expect(found.joined().contains { $0.tokens.count > 2 })
    }

    @Test func rowsLeaveTheStateWhenTheirSourceIsDone() throws {
        let decoder = HistoryDecoder(vocabularySize: 50, spread: 0.01)
        _ = try BeamSearch(beamSize: 3, tokens: TokenRules(endTokens: [])).search(
            decoder, from: HistoryDecoder.start([0, 1, 2]), prompts: [[1], [1], [1]], stepLimits: [4, 0, 2])
        #expect(decoder.stepRowCounts.values == [2, 6, 3, 3])
    }

    @Test func aSourceIsDoneWhenNothingBetterCanCome() throws {
        let decoder = HistoryDecoder(vocabularySize: 3)
        let ending = MarkovDecoder(probabilities: [[0.99, 0.01], [0.99, 0.01]])
        let found = try search(BeamSearch(beamSize: 2, lengthNormalization: .none, tokens: rules), ending, start: 1)
        #expect(found.map(\.tokens) == [[]])
        _ = try BeamSearch(beamSize: 1, tokens: TokenRules(endTokens: [0, 1, 2])).search(
            decoder, from: HistoryDecoder.start([1]), prompts: [[1]], stepLimits: [1000])
        #expect(decoder.stepRowCounts.values == [1])
    }

    @Test func scoresAreNormalizedForLength() throws {
        let found = try search(BeamSearch(beamSize: 3, hypothesisCount: 3, tokens: rules))
        for hypothesis in found {
            let divisor = gnmt(hypothesis.tokens.count + 1, 0.6)
            #expect(abs(hypothesis.score - hypothesis.logProbability / divisor) < 1e-12)
        }
        #expect(gnmt(7, 1) == 2)
    }

    @Test func equalsAreRankedByTokenThenByBeam() throws {
        let even = MarkovDecoder(logits: [[Float]](repeating: [0, 0, 0, 0], count: 4))
        let free = BeamSearch(beamSize: 4, hypothesisCount: 4, tokens: TokenRules(endTokens: []))
        #expect(try search(free, even, limit: 1).map(\.tokens) == [[0], [1], [2], [3]])
        #expect(try search(free, even, limit: 2).map(\.tokens) == [[0, 0], [1, 0], [2, 0], [3, 0]])
    }

    @Test func bannedTokensAndEarlyEndsAreNotWritten() throws {
        var tokens = TokenRules(endTokens: [0], bannedTokens: [1, -7, 99])
        #expect(try search(.greedy(tokens: tokens)).map(\.tokens) == [[2]])
        tokens = TokenRules(endTokens: [0], minimumLength: 3)
        let found = try search(BeamSearch(beamSize: 4, hypothesisCount: 4, tokens: tokens))
        #expect(found.allSatisfy { $0.tokens.count >= 3 && $0.isFinished })
    }

    @Test func severalEndTokens() throws {
        let found = try search(BeamSearch(beamSize: 3, hypothesisCount: 2, tokens: TokenRules(endTokens: [1, 0])))
        #expect(found.map(\.tokens) == [[], [2]])
    }

    @Test(arguments: [1, 7, 16, 40, 999, 5000])
    func selectionEqualsSorting(beamSize: Int) throws {
        for (size, levels) in [(1000, 1e6), (1000, 20), (37, 5), (15, 3), (1, 1)] as [(Int, Float)] {
            var logits = Tensor.uniform([size], in: 0...1, key: RandomKey(seed: 3)).values
                .map { ($0 * levels).rounded() / levels }
            for index in stride(from: 0, to: size - 1, by: 3) { logits[index] = -.infinity }
            let expected = logits.indices.filter { logits[$0] > -.infinity }
                .sorted { (logits[$1], $0) < (logits[$0], $1) }.prefix(beamSize)
            let found = try search(
                BeamSearch(beamSize: beamSize, hypothesisCount: beamSize, tokens: TokenRules(endTokens: [])),
                MarkovDecoder(logits: [logits]), limit: 1, start: 0)
            #expect(found.map { $0.tokens[0] } == Array(expected))
        }
    }

    @Test func theCutOffComeAfterTheFinished() throws {
        let found = try search(
            BeamSearch(beamSize: 4, hypothesisCount: 4, lengthNormalization: .none, tokens: rules), limit: 2)
        #expect(found.map(\.tokens) == [[2], [1], [1, 1], [1, 2]])
        #expect(found.map(\.isFinished) == [true, true, false, false])
    }

    @Test func limitsOfNothing() throws {
        let found = try search(BeamSearch(tokens: rules), limit: 0)
        #expect(found.count == 1 && found[0].tokens.isEmpty && !found[0].isFinished && found[0].score == 0)
        #expect(try search(BeamSearch(tokens: rules), limit: -3).count == 1)
        let none = try BeamSearch(tokens: rules).search(
            Self.markov, from: .init(rowCount: 0), prompts: [], stepLimits: [])
        #expect(none.isEmpty)
        let limit = LengthLimit(absolute: 10, perSourceToken: 1.5)
        #expect(limit.stepCount(sourceLength: 7) == 20)
        #expect(LengthLimit(absolute: -10, perSourceToken: 1).stepCount(sourceLength: 7) == 0)
        #expect(LengthLimit(absolute: 0, perSourceToken: .nan).stepCount(sourceLength: 7) == 0)
        #expect(LengthLimit(absolute: 0, perSourceToken: .infinity).stepCount(sourceLength: 7) == .max)
    }

    @Test func whereNothingCanFollowASearchStops() throws {
        let hopeless = MarkovDecoder(logits: [[0, -.infinity], [-.infinity, -.infinity]])
        #expect(try search(BeamSearch(tokens: rules), hopeless, start: 1).map(\.tokens) == [[]])
        let narrow = MarkovDecoder(logits: [
            [0, 0, 0], [-.infinity, -.infinity, -.infinity], [-.infinity, 0, -.infinity],
        ])
        let found = try search(BeamSearch(tokens: rules), narrow, start: 2)
        #expect(found.map(\.tokens) == [[1]] && !found[0].isFinished)
        let nothing = MarkovDecoder(logits: [[]])
        #expect(try search(BeamSearch(tokens: rules), nothing, start: 0).map(\.tokens) == [[]])
    }

    @Test(arguments: [Float.nan, .infinity], [1, 3, 40])
    func logitsThatAreNoNumbersAreRefused(value: Float, position: Int) {
        var logits = [Float](repeating: 0, count: 41)
        logits[position] = value
        let decoder = MarkovDecoder(logits: [[Float](repeating: 0, count: 41), logits])
        let error = #expect(throws: SearchError.unrankedLogits(source: 1, step: 0)) {
            try BeamSearch(tokens: rules).search(
                decoder, from: .init(rowCount: 2), prompts: [[0], [1]], stepLimits: [4, 4])
        }
        #expect(
            error?.description
                == "search: expected logits that are numbers below infinity, found another at step 0 of source 1; "
                + "the model's parameters are damaged or its training diverged: "
                + "take an earlier checkpoint, or train at a lower rate")
    }

    @Test func settingsThatMakeNoSenseAreRefused() {
        for (search, sentence) in [
            (BeamSearch(beamSize: 0, tokens: rules), "search: expected at least 1 as beamSize, found 0"),
            (
                BeamSearch(beamSize: 2, hypothesisCount: 3, tokens: rules),
                "search: expected 1 to 2, the beam size, as hypothesisCount, found 3"
            ),
            (
                BeamSearch(lengthNormalization: .gnmt(alpha: .nan), tokens: rules),
                "search: expected a finite number as alpha, found nan"
            ),
        ] {
            let error = #expect(throws: SearchError.self) { try self.search(search) }
            #expect(error?.description == sentence)
        }
        let error = #expect(throws: SearchError.self) {
            try BeamSearch(tokens: rules).search(
                Self.markov, from: .init(rowCount: 2), prompts: [[1], [1]], stepLimits: [5])
        }
        #expect(
            error?.description == "search: expected a prompt and a limit for each of 2 sources, found 2 and 1")
    }

    @Test func decodersThatDoNotFitAreRefused() {
        struct Wrong: StepDecoder {
            let (logits, alignments, rowCount): (Shape, Shape?, Int)
            func step(
                _ tokens: [[Int]], _ state: inout MarkovDecoder.State, wanting outputs: DecoderOutputs
            ) throws(ShapeError) -> DecoderStep {
                state = .init(rowCount: rowCount)
                return DecoderStep(logits: .zeros(logits), alignments: alignments.map { .zeros($0) })
            }
        }
        for (decoder, sentence) in [
            (
                Wrong(logits: [2, 5], alignments: nil, rowCount: 1),
                "step: expected logits [1, V] and a state of as many rows, found [2, 5] and 1 rows"
            ),
            (
                Wrong(logits: [1, 5], alignments: nil, rowCount: 2),
                "step: expected logits [1, V] and a state of as many rows, found [1, 5] and 2 rows"
            ),
            (
                Wrong(logits: [1, 5], alignments: [1, 2], rowCount: 1),
                "step: expected alignments [1, 1, L, H, K], found [1, 2]"
            ),
        ] {
            let error = #expect(throws: SearchError.self) {
                try BeamSearch(tokens: rules).search(
                    decoder, from: .init(rowCount: 1), prompts: [[1]], stepLimits: [5], aligning: true)
            }
            #expect(error?.description == sentence)
        }
    }

    @Test func aCancelledTaskStopsSearching() async {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try BeamSearch(tokens: TokenRules(endTokens: [])).search(
                Self.markov, from: .init(rowCount: 1), prompts: [[3]], stepLimits: [.max])
        }
        task.cancel()
        await #expect(throws: SearchError.cancelled) { try await task.value }
    }

    @Test func selectingCommutesWithStepping() throws {
        let decoder = HistoryDecoder(vocabularySize: 5)
        var straight = HistoryDecoder.start([4, 5, 6])
        _ = try decoder.step([[1], [2], [3]], &straight, wanting: .logits)
        let rows = [2, 0, 0, 1, 2]
        var selected = try straight.selecting(rows)
        let stepFirst = try #require(try decoder.step([[1], [4], [2]], &straight, wanting: .logits).logits)
        let selectFirst = try #require(
            try decoder.step([[2], [1], [1], [4], [2]], &selected, wanting: .logits).logits)
        #expect(try stepFirst.selecting(rows).values == selectFirst.values)
        #expect(try straight.selecting(rows).histories == selected.histories)
    }
}
