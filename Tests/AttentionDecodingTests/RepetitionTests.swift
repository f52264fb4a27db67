import AttentionDecoding
import AttentionTensors
import Testing

@Suite struct RepetitionTests {
    /// Whether no `count` tokens in a row stand twice.
    private func isFree(_ tokens: [Int], of count: Int) -> Bool {
        guard tokens.count >= count else { return true }
        let runs = (0...tokens.count - count).map { Array(tokens[$0..<$0 + count]) }
        return Set(runs).count == runs.count
    }

    @Test(arguments: [1, 2, 3]) func theBestOfThoseThatDoNotRepeat(count: Int) throws {
        let decoder = HistoryDecoder(vocabularySize: 4, spread: 1)
        let search = BeamSearch(
            beamSize: 1000, hypothesisCount: 20, lengthNormalization: .mean,
            tokens: TokenRules(endTokens: [0], processors: [try RepeatedSequences(of: count)]))
        for source in 0..<8 {
            let found = try search.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[2]], stepLimits: [6])[0]
            let allowed = allSequences(of: decoder, source: source, start: 2, stepLimit: 6)
                .filter { isFree([2] + $0.tokens, of: count) }
            let best = allowed.sorted {
                $0.sum / Double($0.tokens.count + 1) > $1.sum / Double($1.tokens.count + 1)
            }.prefix(20)
            #expect(found.map(\.tokens) == best.map(\.tokens))
        }
    }

    @Test(arguments: [1, 2, 4]) func aNarrowBeamFindsWhatGreedySearchWould(count: Int) throws {
        let decoder = HistoryDecoder(vocabularySize: 5)
        let search = BeamSearch(
            beamSize: 1, lengthNormalization: .none,
            tokens: TokenRules(endTokens: [], processors: [try RepeatedSequences(of: count)]))
        for source in 0..<10 {
            let found = try search.search(
                decoder, from: HistoryDecoder.start([source]), prompts: [[2]], stepLimits: [12])[0]
            var tokens: [Int] = []
            while tokens.count < 12 {
                let logits = decoder.logits(source: source, history: [2] + tokens)
                let free = (0..<5).filter { isFree([2] + tokens + [$0], of: count) }
                guard let next = free.max(by: { logits[$0] < logits[$1] }) else { break }
                tokens.append(next)
            }
            #expect(found.map(\.tokens) == [tokens])
        }
    }

    @Test func noTokensInARowAreRefused() {
        let error = #expect(throws: SearchError.self) { try RepeatedSequences(of: 0) }
        #expect(error?.description == "search: expected at least 1 as the length of repeated sequences, found 0")
    }
}
