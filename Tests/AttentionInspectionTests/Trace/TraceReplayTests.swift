import AttentionInspection
import Testing

@Suite struct TraceReplayTests {
    /// Two heads that look at the first of two words, more and more.
    private func trace(_ share: Float, words: [String] = ["a", "b"]) throws -> ModelTrace {
        try ModelTrace(
            name: "toy", sequences: [TracedSequence(name: "text", pieces: words)],
            attention: [
                TracedAttention(
                    kind: .encoder, queries: 0, keys: 0, layers: [0, 2], heads: [0, 1],
                    weights: [share, 1 - share, share, 1 - share, 1, 0, 1, 0] + [0, 1, 0, 1, 0, 1, 0, 1])
            ])
    }

    @Test func momentsAreInTheirOrder() throws {
        let replay = try TraceReplay([(500, try trace(1)), (0, try trace(0.5)), (250, try trace(0.75))])
        #expect(replay.updates == [0, 250, 500] && replay.headNames == nil)
        #expect(replay.traces.map { $0.attention[0].weights[0] } == [0.5, 0.75, 1])
        #expect(throws: TraceError.nothing) { try TraceReplay([]) }
        #expect(throws: TraceError.self) {
            try TraceReplay([(0, try trace(1)), (5, try trace(1, words: ["a", "c"]))])
        }
    }

    @Test func meansAndSingleHeads() throws {
        let replay = try TraceReplay([(0, try trace(0.5)), (9, try trace(1))])
        let mean = replay.averagingHeads()
        #expect(mean.headNames == ["mean"] && mean.traces[0].attention[0].heads == [0])
        #expect(mean.traces[0].attention[0].weights == [0.75, 0.25, 0.75, 0.25, 0, 1, 0, 1])
        let one = try replay.keeping(layers: [2], heads: [1])
        #expect(one.traces.allSatisfy { $0.attention[0].layers == [2] && $0.attention[0].heads == [1] })
        #expect(one.traces[1].attention[0].weights == [0, 1, 0, 1])
        #expect(try replay.keeping(layers: nil, heads: nil) == replay)
        #expect(throws: TraceError.outside(part: "layers of encoder", found: "2", limit: "among 1, 3")) {
            try replay.keeping(layers: [1], heads: nil)
        }
    }

    @Test func aPageOfAllMoments() throws {
        let page = HTMLRenderer().render(try TraceReplay([(0, try trace(0.5)), (9, try trace(1))]).averagingHeads())
        #expect(page.contains("\"moments\":[0, 9]") && page.contains("\"names\":[\"mean\"]"))
        // Two moments of two layers of four weights, two bytes each: 32 bytes are 44 letters.
        let weights = page.split(separator: "id=\"weights-encoder\">")[1].prefix { $0 != "<" }
        #expect(weights.count == 44)
        #expect(HTMLRenderer().render(try trace(1)).contains("\"moments\":[]"))
    }
}
