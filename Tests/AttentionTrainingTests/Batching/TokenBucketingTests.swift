import AttentionFiles
import AttentionTraining
import Testing
import TrainingProbe

struct TokenBucketingTests {
    /// Pairs that can be told apart, of independent lengths from 0 to 30 on both sides.
    private let examples: [SequencePair] = (0..<500).map { number in
        SequencePair(
            source: [Int](repeating: number, count: (number * 7919) % 31),
            target: [Int](repeating: number + 1000, count: (number * 104_729) % 29))
    }

    private func width(_ batch: [SequencePair]) -> Int {
        batch.map { max($0.source.count, $0.target.count) }.max() ?? 0
    }

    @Test func everyExampleIsSeenOncePerEpoch() throws {
        let batches = TokenBucketing(examples, tokenLimit: 120, seed: 1)
        let expected = Dictionary(examples.map { ($0, 1) }, uniquingKeysWith: +)
        for number in 0..<4 {
            let seen = try batches.epoch(number).batches().flatMap(\.self)
            #expect(Dictionary(seen.map { ($0, 1) }, uniquingKeysWith: +) == expected)
        }
        #expect(try batches.counts(ofEpoch: 0) == (500, 0))
    }

    @Test func noBatchIsEmptyOrTooLarge() throws {
        for limit in [31, 50, 120, 10_000] {
            for batch in try TokenBucketing(examples, tokenLimit: limit, lengthLimit: 31, seed: 2).epoch(3).batches() {
                #expect(!batch.isEmpty)
                #expect(batch.count * width(batch) <= limit)
            }
        }
    }

    @Test func aSeedAndANumberMakeAnEpoch() throws {
        let batches = TokenBucketing(examples, tokenLimit: 100, seed: 1)
        func epoch(_ number: Int, seed: UInt64) throws -> [[SequencePair]] {
            try TokenBucketing(examples, tokenLimit: 100, seed: seed).epoch(number).batches()
        }
        _ = try batches.epoch(0)
        let fifth = try batches.epoch(5).batches()
        #expect(try fifth == epoch(5, seed: 1))
        #expect(try fifth != epoch(6, seed: 1))
        #expect(try fifth != epoch(5, seed: 2))
    }

    /// Sorted batches pad less than half of what shuffled ones of the same examples do.
    @Test func similarLengthsMeet() throws {
        let epoch = try TokenBucketing(ToyTagger.examples(1000), tokenLimit: 90, seed: 1).epoch(0).batches()
        let padded = epoch.reduce(0) { $0 + $1.count * width($1) }
        let tokens = epoch.reduce(0) { $0 + $1.reduce(0) { $0 + $1.source.count } }
        #expect(Double(padded - tokens) < 0.02 * Double(tokens))
    }

    @Test func equalLengthsMeetInADifferentOrderEachEpoch() throws {
        let equal = (0..<40).map { SequencePair(source: [$0, 0], target: [$0]) }
        let batches = TokenBucketing(equal, tokenLimit: 8, seed: 9)
        let partners = try (0..<2).map { Set(try batches.epoch($0).batches().map { Set($0.map { $0.target[0] }) }) }
        #expect(partners[0] != partners[1])
    }

    @Test func longExamplesAreLeftOutAndCounted() throws {
        let batches = TokenBucketing(examples, tokenLimit: 100, lengthLimit: 20, seed: 1)
        let long = examples.count { max($0.source.count, $0.target.count) > 20 }
        #expect(long > 0)
        #expect(try batches.counts(ofEpoch: 3) == (500 - long, long))
        #expect(try batches.epoch(3).batches().joined().count == 500 - long)
        // What does not fit a batch at all is too long whatever was asked for.
        let narrow = TokenBucketing(examples, tokenLimit: 20, lengthLimit: 100, seed: 1)
        #expect(try narrow.counts(ofEpoch: 0).tooLong == long)
    }

    /// Anything that has a length, here on one side only.
    @Test func whateverHasALengthIsBucketed() throws {
        struct Clip: TrainingExample, Hashable {
            let frames: Int
            var length: ExampleLength { ExampleLength(frames) }
        }
        let clips = (0..<60).map { Clip(frames: 1 + $0 * 37 % 50) }
        let batches = try TokenBucketing(clips, tokenLimit: 100, seed: 1).epoch(0).batches()
        #expect(batches.allSatisfy { $0.count * ($0.map(\.frames).max() ?? 0) <= 100 })
        #expect(Set(batches.joined()) == Set(clips))
    }

    @Test func noExamplesMakeNoBatches() throws {
        #expect(try TokenBucketing([SequencePair](), tokenLimit: 10, seed: 1).epoch(0).count == 0)
    }
}
