import AttentionMechanisms
import AttentionTensors
import Testing

private let query = Tensor.zeros([2, 2, 4, 3])
private let keys = Tensor.zeros([2, 1, 6, 3])

@Suite struct ScopeTests {
    /// On 4 × 4 with windows of 2 shifted by 1, written out: positions with the same letter meet.
    @Test func shiftedWindows() throws {
        let letters = Array("abbcdeefdeefghhi")
        let tokens = Tensor.zeros([1, 1, 16, 2])
        let scope = SwinScope.swin(height: 4, width: 4, window: 2, shift: 1)
        let mask = try #require(
            try scope.region(query: tokens, memory: try remembering(tokens), positions: .from(0)).mask(
                queryCount: 16, keyCount: 16, lengths: nil))
        for p in 0..<16 {
            for j in 0..<16 { #expect(mask[0, 0, p, j] == (letters[p] == letters[j])) }
        }
    }

    /// Block rows 0 and 5 are global; the others draw from SplitMix64, whose first numbers from seed 1234567 are published.
    @Test func randomBlocks() throws {
        let tokens = Tensor.zeros([1, 1, 6, 2])
        let scope = BigBirdScope.bigBird(
            block: 1, windowBlocks: 3, globalFirst: 1, globalLast: 1, randomBlocks: 1, seed: 1_234_567)
        let mask = try #require(
            try scope.region(query: tokens, memory: try remembering(tokens), positions: .from(0)).mask(
                queryCount: 6, keyCount: 6, lengths: nil))
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        ]
        let free = [[3, 4], [4], [1], [1, 2]]
        for (row, (number, columns)) in zip(published, free).enumerated() {
            let drawn = columns[Int(number % UInt64(columns.count))]
            for column in columns { #expect(mask[0, 0, row + 1, column] == (column == drawn)) }
            #expect((0..<6).count { mask[0, 0, row + 1, $0] } == 6 - columns.count + 1)
        }
        for column in 0..<6 { #expect(mask[0, 0, 0, column] && mask[0, 0, 5, column]) }
    }

    @Test func hashingFollowsTheSigns() throws {
        let rotations = try Tensor([1, 0, 0, 1], shape: [1, 2, 2])
        let vectors = try Tensor([3, 1, -2, 1, 1, 4, 5, 0, 0, -1], shape: [1, 1, 5, 2])
        let buckets = [0, 2, 1, 0, 3]
        let region = try LSHScope.lsh(rotations: rotations).region(
            query: vectors, memory: try remembering(vectors), positions: .from(0))
        let mask = try #require(try region.mask(queryCount: 5, keyCount: 5, lengths: nil))
        for p in 0..<5 {
            for j in 0..<5 { #expect(mask[0, 0, p, j] == (buckets[p] == buckets[j])) }
        }
    }

    @Test func tablesPerHead() throws {
        let blocks = try Mask([true, false, false, true, true, true, false, false], shape: [2, 2, 2])
        let region = try BlockSparseScope.blockSparse(blocks, queryBlock: 3, keyBlock: 4)
            .region(query: query, memory: try remembering(keys), positions: .from(0))
        let mask = try #require(try region.mask(queryCount: 4, keyCount: 6, lengths: nil))
        for head in 0..<2 {
            for p in 0..<4 {
                for j in 0..<6 { #expect(mask[0, head, p, j] == blocks[head, p / 3, j / 4]) }
            }
        }
    }

    @Test(arguments: refusals) func impossibleParametersAreRefused(_ refusal: Refusal) throws {
        #expect {
            try refusal.scope.region(query: query, memory: try remembering(keys), positions: .from(0))
        } throws: { "\($0)" == refusal.sentence }
    }

    static let refusals: [Refusal] = [
        Refusal(SlidingWindowScope.slidingWindow(left: -1, right: 0))
            .saying("slidingWindow: expected at least 0 neighbours on a side, found -1"),
        Refusal(DilatedScope.dilated(left: 1, right: 1, dilation: 0))
            .saying("dilated: expected a dilation of at least 1, found 0"),
        Refusal(StridedScope.strided(0)).saying("strided: expected a stride of at least 1, found 0"),
        Refusal(FixedScope.fixed(2, summary: 3)).saying("fixed: expected a summary of 0 to 2 keys, found 3"),
        Refusal(ChunkedScope.chunked(0)).saying("chunked: expected a chunk of at least 1, found 0"),
        Refusal(StreamingScope.streaming(sinks: -1, window: 2))
            .saying("streaming: expected sinks and a window of at least 0, found -1 and 2"),
        Refusal(QueryPaddingScope.queryPadding(lengths: [1]))
            .saying("queryPadding: expected 2 lengths of at least 0, found [1]"),
        Refusal(PrefixScope.prefix(lengths: [1, -1])).saying("prefix: expected 2 lengths of at least 0, found [1, -1]"),
        Refusal(AxialScope.axial(.row, height: 2, width: 2))
            .saying("axial: expected positions on the grid 2 × 2, found 4 queries from 0 on and 6 keys"),
        Refusal(SwinScope.swin(height: 3, width: 2, window: 2))
            .saying("swin: expected a window that divides 3 × 2, found 2"),
        Refusal(SwinScope.swin(height: 4, width: 2, window: 2, shift: 2))
            .saying("swin: expected a shift of 0..<2, found 2"),
        Refusal(NeighborhoodScope.neighborhood(height: 2, width: 3, kernel: 0))
            .saying("neighborhood: expected a kernel of at least 1, found 0"),
        Refusal(LSHScope.lsh(rotations: .zeros([2, 4, 1])))
            .saying("lsh: expected rotations [2, 3, n], found [2, 4, 1]"),
        Refusal(SegmentScope.segment(querySegments: [[1]], keySegments: []))
            .saying("segment: expected 2 × 4 query segments, found [1] of 1 items"),
    ]
}

/// A scope that cannot be, and what it says.
struct Refusal: Sendable {
    let scope: any Scope
    var sentence = ""

    init(_ scope: any Scope) { self.scope = scope }

    func saying(_ sentence: String) -> Refusal {
        var copy = self
        copy.sentence = sentence
        return copy
    }
}
