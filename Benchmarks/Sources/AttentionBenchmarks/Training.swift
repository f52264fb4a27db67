import Attention

/// One training step of an encoder–decoder Transformer: gradients dropped, forward, loss, backward, Adam.
///
/// Vocabulary 10000, 256 pairs of 16 + 16 tokens without padding, post-norm, one tied embedding, label smoothing 0.1.
struct TransformerTraining: Workload {
    let name = "train_transformer"
    let cases = ["tiny", "baseish"]
    let seconds = 15.0

    func run(_ name: String, at pace: Pace) throws {
        var configuration = TransformerConfiguration()
        configuration.vocabularySize = 10000
        configuration.normOrder = .post
        (configuration.modelSize, configuration.feedForwardSize, configuration.headCount) =
            name == "tiny" ? (128, 256, 4) : (512, 2048, 8)
        (configuration.encoderLayerCount, configuration.decoderLayerCount) = name == "tiny" ? (4, 4) : (3, 3)
        configuration.dropout = name == "tiny" ? 0.1 : 0.3
        let step = TrainingStepWork(
            try Transformer(configuration, key: RandomKey(seed: 0)), pairCount: 256, smoothing: 0.1,
            adam: Adam.Configuration(beta1: 0.9, beta2: 0.98, epsilon: 1e-9), rate: 1e-4, clippingNorm: nil)
        try step.measure(self, name, at: pace)
    }
}

/// One training step of a Bahdanau model: as above, with the gradient's norm clipped to 1.
///
/// Vocabulary 10000, embeddings 256, one bidirectional GRU layer of 512, 64 pairs of 16 + 16 tokens without padding.
struct RecurrentTraining: Workload {
    let name = "train_rnn"
    let cases = ["bahdanau"]
    let seconds = 10.0

    func run(_ name: String, at pace: Pace) throws {
        var configuration = RecurrentTranslatorConfiguration()
        configuration.vocabularySize = 10000
        configuration.embeddingSize = 256
        configuration.hiddenSize = 512
        configuration.attention = "additive"
        configuration.dropout = 0
        let step = TrainingStepWork(
            try RecurrentTranslator(configuration, key: RandomKey(seed: 0)), pairCount: 64, smoothing: 0,
            adam: Adam.Configuration(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), rate: 1e-3, clippingNorm: 1)
        try step.measure(self, name, at: pace)
    }
}

/// A model, a batch of random ids, and an optimizer.
private final class TrainingStepWork<Model: SequenceToSequence> {
    private var model: Model
    private var optimizer: Adam
    private let batch: SequencePairBatch
    private let smoothing: Float
    private let rate: Float
    private let clippingNorm: Float?
    private var update = 0

    init(_ model: Model, pairCount: Int, smoothing: Float, adam: Adam.Configuration, rate: Float, clippingNorm: Float?)
    {
        self.model = model
        optimizer = Adam(adam)
        var generator = RandomKey(seed: 0).generator()
        func sequence() -> [Int] { (0..<16).map { _ in Int.random(in: 0..<10000, using: &generator) } }
        batch = SequencePairBatch((0..<pairCount).map { _ in (sequence(), sequence()) }, special: SpecialTokens())
        self.smoothing = smoothing
        self.rate = rate
        self.clippingNorm = clippingNorm
    }

    func measure(_ workload: some Workload, _ name: String, at pace: Pace) throws {
        let measurement = try Measurement(at: pace) { try step() }
        var line = Line(workload, name)
        measurement.add(to: &line, amount: Double(batch.targetTokenCount), unit: "tokens")
        line.print()
    }

    private func step() throws {
        update += 1
        let gradients = try gradients()
        let scale = 1 / Float(batch.targetTokenCount)
        let clipping = clippingNorm.map { clippingFactor(norm: gradients.norm() * scale, limit: $0) } ?? 1
        optimizer.step(&model, gradients: gradients, scale: scale * clipping, rate: rate)
    }

    /// A function of its own, so that the tracked model is gone when the parameters change in place.
    private func gradients() throws -> ParameterGradients {
        let tracked = model.tracked()
        let loss = try tracked.loss(batch, smoothing: smoothing, training: RandomKey(seed: 0)[update])
        var gradients = ParameterGradients()
        gradients.add(try loss.gradients(), of: tracked)
        return gradients
    }
}
