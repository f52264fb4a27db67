import AttentionTraining
import Testing

private struct Text: TrainingExample, Hashable {
    let number: Int
    let size: Int
    var length: ExampleLength { ExampleLength(size) }
}

@Suite struct SimilarBatchesTests {
    private let texts = (0..<107).map { Text(number: $0, size: 1 + $0 * 37 % 23) }

    @Test func everyExampleIsInOneBatchOfItsEpoch() throws {
        let batches = SimilarBatches(FixedExamples(texts), size: 4, poolSize: 5, seed: 7)
        for number in 0..<3 {
            let epoch = try batches.epoch(number).batches()
            #expect(epoch.count == 27)
            #expect(epoch.map(\.count).sorted() == [3] + [Int](repeating: 4, count: 26))
            #expect(Set(epoch.joined()) == Set(texts))
        }
    }

    /// What stands in a pool together is sorted: batches of a pool do not overlap in length.
    @Test func batchesAreOfSimilarLength() throws {
        let whole = SimilarBatches(FixedExamples(texts), size: 4, poolSize: 27, seed: 7)
        let ranges = try whole.epoch(0).batches().map { batch in
            (batch.map(\.size).min() ?? 0)...(batch.map(\.size).max() ?? 0)
        }.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        for (one, next) in zip(ranges, ranges.dropFirst()) { #expect(one.upperBound <= next.lowerBound) }
    }

    @Test func epochsDifferAndAreRepeatable() throws {
        let batches = SimilarBatches(FixedExamples(texts), size: 4, poolSize: 5, seed: 7)
        #expect(try batches.epoch(1).batches() == batches.epoch(1).batches())
        #expect(try batches.epoch(0).batches() != batches.epoch(1).batches())
        let other = SimilarBatches(FixedExamples(texts), size: 4, poolSize: 5, seed: 8)
        #expect(try batches.epoch(0).batches() != other.epoch(0).batches())
    }
}
