import Attention
import Testing

@Suite struct AlignmentChoiceTests {
    /// A language whose words stand in the order of their translations.
    private static let pairs = [
        ("the dog sleeps", "le chien dort"), ("the cat sleeps", "le chat dort"), ("the dog eats", "le chien mange"),
        ("a cat eats", "un chat mange"), ("a dog sleeps", "un chien dort"), ("the cat eats", "le chat mange"),
    ].map { SentencePair(source: $0, target: $1) }

    private let data: TranslationData

    init() throws {
        let tokenizer = try BPETrainer(vocabularySize: 340, minimumPairCount: 1)
            .train(on: Self.pairs.flatMap { [$0.source, $0.target] })
        data = TranslationData(tokenizer: tokenizer, special: TransformerConfiguration().special)
    }

    /// [1, 2, 2, T, K]: all heads look at the first piece, but one at the piece of the same place.
    private func looking(_ aligned: HeadIndex, _ batch: SequencePairBatch) throws -> Tensor {
        let (rows, columns) = (batch.input.length, batch.source.length)
        var values: [Float] = []
        for layer in 0..<2 {
            for head in 0..<2 {
                for row in 0..<rows {
                    let place = HeadIndex(layer: layer, head: head) == aligned ? min(row, columns - 1) : 0
                    values += (0..<columns).map { $0 == place ? 1 : 0 }
                }
            }
        }
        return try Tensor(values, shape: [1, 2, 2, rows, columns])
    }

    @Test func theHeadThatAlignsIsChosen() throws {
        let train = data.encode(Self.pairs)
        for head in [HeadIndex(layer: 0, head: 1), HeadIndex(layer: 1, head: 0)] {
            let choice = AlignmentChoice(data) { try looking(head, $0) }
            #expect(try choice.best(on: Self.pairs, trainedOn: train, lengthLimit: 50) == head)
        }
    }

    @Test func withoutAttentionThereIsNoHead() throws {
        let choice = AlignmentChoice(data) { _ in nil }
        #expect(try choice.best(on: Self.pairs, trainedOn: data.encode(Self.pairs), lengthLimit: 50) == nil)
    }

    @Test func longPairsAreLeftOut() throws {
        let choice = AlignmentChoice(data) { _ in throw ShapeError("alignments", expected: "no call", found: "one") }
        #expect(try choice.best(on: Self.pairs, trainedOn: data.encode(Self.pairs), lengthLimit: 1) == nil)
    }
}
