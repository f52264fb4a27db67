package import Attention

/// How does one train a model of one's own? Attention learns to say eight digits backwards: `swift run -c release TrainYourOwn`
@main
struct TrainYourOwn {
    static func main() throws {
        var trainer = try reversalTraining(updates: 400)
        _ = try trainer.run { event in print(event) }
        print("3 1 4 1 5 9 2 6 backwards:", try trainer.model([[3, 1, 4, 1, 5, 9, 2, 6]]).indicesOfMaximum())
    }
}
/// So many updates of 32 sequences each, none of which comes twice.
package func reversalTraining(updates: Int) throws -> Trainer<Reverser, Digits> {
    var configuration = TrainingConfiguration()
    configuration.maximumUpdates = updates
    configuration.validationInterval = 100
    return try Trainer(
        model: Reverser(key: RandomKey(seed: 1)), schedule: CosineSchedule(peak: 0.01, warmup: 20, total: updates),
        batches: Digits(), configuration: configuration, loss: { model, batch, _ in try model.loss(batch) },
        validate: { model in
            let unseen = try model.loss(Digits().epoch(-1).batch(0))
            return ValidationResult(loss: Double(unseen.total.scalar) / unseen.weight)
        })
}
/// Embedding, positions, one layer of attention, and a map to the ten digits.
package struct Reverser: Module {
    var embedding: Embedding, attention: MultiHeadAttention, output: Linear
    init(key: RandomKey) {
        embedding = Embedding(10, 32, key: key[0])
        attention = MultiHeadAttention(32, headCount: 2, mechanism: AttentionMechanism(), key: key[1])
        output = Linear(32, 10, key: key[2])
    }
    /// The names of the parts: what is learned, saved and loaded.
    package mutating func visit<V: ParameterVisitor>(_ visitor: inout V, _ path: ParameterPath) throws(V.Failure) {
        try embedding.visit(&visitor, path / "embedding")
        try attention.visit(&visitor, path / "attention")
        try output.visit(&visitor, path / "output")
    }
    /// Logits [B · L, 10] of the digit at each place.
    package func callAsFunction(_ digits: [[Int]]) throws -> Tensor {
        let vectors = try embedding(PaddedBatch(digits, padding: 0))  // [B, L, 32]
        let x = try SinusoidalPositions()(vectors, positions: .from(0))
        return try output(attention.attend(x, attention.remember(x))).reshaped(to: [-1, 10])
    }
    func loss(_ digits: [[Int]]) throws -> LossValue {
        let targets = digits.flatMap { $0.reversed().map(Optional.some) }
        return LossValue(total: try self(digits).crossEntropy(targets: targets), weight: Double(targets.count))
    }
}

/// Batches of 32 sequences of eight digits, drawn from the numbers of their epoch and batch.
package struct Digits: BatchSource {
    package func epoch(_ number: Int) -> Epoch<[[Int]]> {
        Epoch(count: 100) { batch in
            var generator = RandomKey(seed: 7)[number][batch].generator()
            return (0..<32).map { _ in (0..<8).map { _ in Int.random(in: 0...9, using: &generator) } }
        }
    }
}
