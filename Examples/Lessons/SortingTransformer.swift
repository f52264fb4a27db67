package import Attention

/// A Transformer of one layer that learns to sort digits.
package struct SortingTransformer: Module {
    var embedding = Embedding(10, 32, key: RandomKey(seed: 1)[0])
    var layer = TransformerEncoderLayer(
        selfAttention: MultiHeadAttention(
            32, headCount: 4, mechanism: AttentionMechanism(), key: RandomKey(seed: 1)[1]),
        selfAttentionResidual: Residual(32, order: .pre, dropout: 0),
        feedForward: FeedForward(32, 64, key: RandomKey(seed: 1)[2]),
        feedForwardResidual: Residual(32, order: .pre, dropout: 0))
    var output = Linear(32, 10, key: RandomKey(seed: 1)[3])
    /// Whether words know where they stand.
    let hasPlaces: Bool

    package init(hasPlaces: Bool = true) { self.hasPlaces = hasPlaces }

    package mutating func visit<V: ParameterVisitor>(_ visitor: inout V, _ path: ParameterPath) throws(V.Failure) {
        try embedding.visit(&visitor, path / "embedding")
        try layer.visit(&visitor, path / "layer")
        try output.visit(&visitor, path / "output")
    }

    /// Logits [B, L, 10] of the digit that stands at each place when they are sorted.
    package func callAsFunction(_ digits: [[Int]]) throws -> Tensor {
        let words = try embedding(PaddedBatch(digits, padding: 0))
        return try output(layer(hasPlaces ? SinusoidalPositions()(words, positions: .from(0)) : words))
    }

    func loss(_ digits: [[Int]]) throws -> LossValue {
        let targets = digits.flatMap { $0.sorted().map(Optional.some) }
        let logits = try self(digits).reshaped(to: [-1, 10])
        return LossValue(total: try logits.crossEntropy(targets: targets), weight: Double(targets.count))
    }

    /// Five digits in order.
    package func sort(_ digits: [Int]) throws -> [Int] { try self([digits]).indicesOfMaximum() }

    /// The model behind so many updates on 32 rows of digits each, and its losses on unseen ones on the way.
    package static func trained(
        updates: Int, hasPlaces: Bool = true, validationCount: Int = 2
    ) throws -> (model: SortingTransformer, losses: [Double]) {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updates
        configuration.validationInterval = updates / validationCount
        var trainer = try Trainer(
            model: SortingTransformer(hasPlaces: hasPlaces),
            schedule: CosineSchedule(peak: 0.01, warmup: 20, total: updates),
            batches: Digits(), configuration: configuration, loss: { model, batch, _ in try model.loss(batch) },
            validate: { model in
                let unseen = try model.loss(Digits().epoch(-1).batch(0))
                return ValidationResult(loss: Double(unseen.total.scalar) / unseen.weight)
            })
        _ = try trainer.run()
        return (trainer.model, trainer.progress.validations.map(\.loss))
    }

    struct Digits: BatchSource {
        func epoch(_ number: Int) -> Epoch<[[Int]]> {
            Epoch(count: 100) { batch in
                var generator = RandomKey(seed: 7)[number][batch].generator()
                return (0..<32).map { _ in (0..<5).map { _ in Int.random(in: 0...9, using: &generator) } }
            }
        }
    }

    static func report() throws -> String {
        let (model, losses) = try trained(updates: 600)
        let shown = [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [0, 0, 7, 7, 0]]
        return try "loss \(losses.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: ", "))\n"
            + shown.map { "\($0) sorted: \(try model.sort($0))\n" }.joined()
    }

    static func drawing() throws -> String {
        let (updates, count) = (600, 12)
        let series = try [("with places", true), ("without", false)].map { name, hasPlaces in
            let losses = try trained(updates: updates, hasPlaces: hasPlaces, validationCount: count).losses
            return LineChart.Series(
                name: name,
                points: losses.enumerated().map { LineChart.Point(x: Double(updates / count * ($0 + 1)), y: $1) })
        }
        return LineChart(
            title: "Learning to sort five digits", x: LineChart.Axis("updates"),
            y: LineChart.Axis("nats a digit, unseen ones"), series: series
        ).svg
    }
}
