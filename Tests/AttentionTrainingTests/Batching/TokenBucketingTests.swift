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

    @Test func everyExampleIsSeenOncePerEpoch() {
        let batches = TokenBucketing(examples, tokenLimit: 120, seed: 1)
        let expected = Dictionary(examples.map { ($0, 1) }, uniquingKeysWith: +)
        for number in 0..<4 {
            let seen = batches.epoch(number).flatMap(\.self)
            #expect(Dictionary(seen.map { ($0, 1) }, uniquingKeysWith: +) == expected)
        }
        #expect(batches.droppedCount == 0)
        #expect(batches.truncatedCount == 0)
    }

    @Test func noBatchIsEmptyOrTooLarge() {
        for limit in [31, 50, 120, 10_000] {
            for batch in TokenBucketing(examples, tokenLimit: limit, lengthLimit: 31, seed: 2).epoch(3) {
                #expect(!batch.isEmpty)
                #expect(batch.count * width(batch) <= limit)
            }
        }
    }

    @Test func aSeedAndANumberMakeAnEpoch() {
        let batches = TokenBucketing(examples, tokenLimit: 100, seed: 1)
        _ = batches.epoch(0)
        #expect(Array(batches.epoch(5)) == Array(TokenBucketing(examples, tokenLimit: 100, seed: 1).epoch(5)))
        #expect(Array(batches.epoch(5)) != Array(batches.epoch(6)))
        #expect(Array(batches.epoch(5)) != Array(TokenBucketing(examples, tokenLimit: 100, seed: 2).epoch(5)))
    }

    /// Sorted batches pad less than half of what shuffled ones of the same examples do.
    @Test func similarLengthsMeet() {
        let epoch = TokenBucketing(ToyTagger.examples(1000), tokenLimit: 90, seed: 1).epoch(0)
        let padded = epoch.reduce(0) { $0 + $1.count * width($1) }
        let tokens = epoch.reduce(0) { $0 + $1.reduce(0) { $0 + $1.source.count } }
        #expect(Double(padded - tokens) < 0.02 * Double(tokens))
    }

    @Test func equalLengthsMeetInADifferentOrderEachEpoch() {
        let equal = (0..<40).map { SequencePair(source: [$0, 0], target: [$0]) }
        let batches = TokenBucketing(equal, tokenLimit: 8, seed: 9)
        let partners = (0..<2).map { Set(batches.epoch($0).map { Set($0.map { $0.target[0] }) }) }
        #expect(partners[0] != partners[1])
    }

    @Test func longExamplesAreDroppedAndCounted() {
        let batches = TokenBucketing(examples, tokenLimit: 100, lengthLimit: 20, seed: 1)
        let long = examples.count { max($0.source.count, $0.target.count) > 20 }
        #expect(long > 0)
        #expect(batches.droppedCount == long)
        #expect(batches.examples.count == 500 - long)
        // What does not fit a batch at all is too long whatever was asked for.
        #expect(TokenBucketing(examples, tokenLimit: 20, lengthLimit: 100, seed: 1).droppedCount == long)
    }

    @Test func longExamplesAreCutAndCounted() {
        let batches = TokenBucketing(examples, tokenLimit: 100, lengthLimit: 5, longExamples: .truncated, seed: 1)
        #expect(batches.truncatedCount == examples.count { max($0.source.count, $0.target.count) > 5 })
        #expect(batches.examples.count == 500)
        #expect(batches.epoch(0).allSatisfy { width($0) <= 5 })
        #expect(batches.examples[400].source == Array(examples[400].source.prefix(5)))
    }

    @Test func noExamplesMakeNoBatches() {
        #expect(TokenBucketing([SequencePair](), tokenLimit: 10, seed: 1).epoch(0).isEmpty)
    }
}
