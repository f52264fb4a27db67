import AttentionTensors
import AttentionTraining
import Testing

struct ExampleSourceTests {
    /// Lists of numbers that tell which list they are of.
    private let lists = [Array(0..<900), Array(1000..<1090), Array(2000..<2010)]

    private func mixed(_ shares: MixedExamples<Int>.Shares, seed: UInt64 = 1) throws -> MixedExamples<Int> {
        try MixedExamples(lists, shares, key: RandomKey(seed: seed))
    }

    @Test func temperatureEvensSharesOut() throws {
        #expect(try mixed(.temperature(1)).counts == [900, 90, 10])
        // √900 : √90 : √10 = 30 : 9.487 : 3.162 of 1000
        #expect(try mixed(.temperature(2)).counts == [703, 223, 74])
        #expect(try mixed(.temperature(.infinity)).counts.sorted() == [333, 333, 334])
        #expect(try mixed(.weights([1, 0, 3])).counts == [250, 0, 750])
    }

    @Test func bySizeEveryExampleIsSeenOnceInItsPlace() throws {
        let source = try mixed(.temperature(1))
        for epoch in 0..<3 { #expect(source.examples(ofEpoch: epoch) == lists.flatMap(\.self)) }
    }

    /// However large the shares, no example of a list is read more than once more than another.
    @Test(arguments: [1.5, 3, 100])
    func allOfAListAreReadAlike(temperature: Double) throws {
        let source = try mixed(.temperature(temperature))
        var seen: [Int: Int] = [:]
        for epoch in 0..<7 {
            let examples = source.examples(ofEpoch: epoch)
            #expect(examples.count == 1000)
            for example in examples { seen[example, default: 0] += 1 }
            for list in lists {
                let counts = list.map { seen[$0] ?? 0 }
                #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
            }
        }
    }

    @Test func anEpochIsTheSameWhateverWasAskedBefore() throws {
        let source = try mixed(.temperature(3))
        _ = source.examples(ofEpoch: 2)
        #expect(try source.examples(ofEpoch: 5) == mixed(.temperature(3)).examples(ofEpoch: 5))
        #expect(source.examples(ofEpoch: 5) != source.examples(ofEpoch: 6))
        #expect(try source.examples(ofEpoch: 5) != mixed(.temperature(3), seed: 2).examples(ofEpoch: 5))
    }

    @Test func impossibleSharesAreRefused() {
        for shares in [
            .temperature(0), .temperature(.nan), .weights([1, 2]), .weights([1, -1, 1]), .weights([0, 0, 0]),
        ]
            as [MixedExamples<Int>.Shares]
        {
            #expect(throws: TrainingError.self) { try mixed(shares) }
        }
        #expect(throws: TrainingError.self) {
            try MixedExamples([[1], []], .weights([1, 1]), key: RandomKey(seed: 1))
        }
    }

    @Test func examplesAreMadeAnewInEveryEpoch() throws {
        let source = RemadeExamples(FixedExamples(Array(0..<50)), key: RandomKey(seed: 3)) { example, key in
            [example, Int(key.seed % 1000)]
        }
        let epochs = try (0..<2).map { try source.examples(ofEpoch: $0) }
        #expect(epochs[0].map { $0[0] } == Array(0..<50))
        #expect(epochs[0] != epochs[1])
        #expect(Set(epochs.joined()).count > 95, "every example has a key of its own in every epoch")
        #expect(try source.examples(ofEpoch: 1) == epochs[1])
    }

    /// Lengths are those of the examples as remade.
    @Test func remadeExamplesAreBucketedByTheirNewLengths() throws {
        let start = (1...40).map { SequencePair(source: Array(repeating: $0, count: $0), target: [$0]) }
        let source = RemadeExamples(FixedExamples(start), key: RandomKey(seed: 3)) { pair, key in
            var generator = key.generator()
            return SequencePair(
                source: Array(repeating: 7, count: Int.random(in: 1...20, using: &generator)), target: pair.target)
        }
        let buckets = TokenBucketing(source, tokenLimit: 40, lengthLimit: 15, seed: 1)
        let (fitting, tooLong) = try buckets.counts(ofEpoch: 2)
        #expect(fitting + tooLong == 40 && tooLong > 0 && fitting > 0)
        let batches = try buckets.epoch(2).batches()
        #expect(batches.joined().count == fitting)
        #expect(batches.allSatisfy { $0.count * ($0.map(\.length.longest).max() ?? 0) <= 40 })
    }

    @Test func batchesOfAFixedSizeAreShuffled() throws {
        let batches = FixedBatches(FixedExamples(Array(0..<10)), size: 4, seed: 2)
        let epochs = try (0..<2).map { try batches.epoch($0).batches() }
        #expect(epochs[0].map(\.count) == [4, 4, 2])
        #expect(epochs[0].joined().sorted() == Array(0..<10))
        #expect(epochs[0] != epochs[1])
        #expect(try batches.epoch(1).batches() == epochs[1])
    }

    @Test func mappedBatchesHaveKeysOfTheirOwn() throws {
        let batches = FixedBatches(FixedExamples(Array(0..<40)), size: 4, seed: 2)
            .mapped(key: RandomKey(seed: 1)) { batch, key in (batch, key.seed) }
        let keys = try (0..<3).flatMap { try batches.epoch($0).batches().map(\.1) }
        #expect(Set(keys).count == 30)
        #expect(try batches.epoch(2).batch(3).1 == keys[23])
    }
}
