package import AttentionTensors
package import AttentionTraining

/// The smallest model worth training: each source id is embedded, passed through a hidden layer and told its class.
package struct ToyTagger: Module {
    package var embedding: Parameter
    package var hidden: Parameter
    package var bias: Parameter
    package var output: Parameter

    /// Parameters drawn from `seed`.
    package init(idCount: Int = 12, size: Int = 8, seed: UInt64 = 3) {
        let key = RandomKey(seed: seed)
        embedding = Parameter(.normal([idCount, size], key: key[0]))
        hidden = Parameter(.glorot([size, size], key: key[1]))
        bias = Parameter(.zeros([size]))
        output = Parameter(.glorot([idCount, size], key: key[2]))
    }

    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embedding.visit(&visitor, path / "embedding")
        try hidden.visit(&visitor, path / "hidden")
        try bias.visit(&visitor, path / "bias")
        try output.visit(&visitor, path / "output")
    }

    /// The summed cross-entropy of the classes in `batch`; with a key, hidden states are thinned by dropout.
    package func loss(_ batch: [SequencePair], key: RandomKey?) throws -> LossValue {
        let (ids, classes) = (batch.flatMap(\.source), batch.flatMap(\.target))
        var states = try linear(embedding.rows(ids, shape: [ids.count]), weight: hidden, bias: bias, activation: .tanh)
        if let key { states = states.dropout(0.2, key: key) }
        return LossValue(
            total: try linearCrossEntropy(states, weight: output, targets: classes.map(Optional.init)),
            weight: Double(classes.count))
    }

    /// Sequences of 1 to 9 ids and the classes to be learnt: 7 · id + 3 modulo the number of ids.
    package static func examples(_ count: Int, idCount: Int = 12, seed: UInt64 = 5) -> [SequencePair] {
        var generator = RandomKey(seed: seed).generator()
        return (0..<count).map { _ in
            let ids = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                Int.random(in: 0..<idCount, using: &generator)
            }
            return SequencePair(source: ids, target: ids.map { (7 * $0 + 3) % idCount })
        }
    }

    /// The loss per token on examples it is not trained on.
    package func validated() throws -> ValidationResult {
        let loss = try loss(Self.examples(20, idCount: embedding.shape[0], seed: 6), key: nil)
        return ValidationResult(loss: Double(loss.total.scalar) / loss.weight)
    }

    /// A training of this model on its own examples.
    package func trainer(
        _ configuration: TrainingConfiguration, optimizer: any Optimizer = Adam(.init(decay: .matrices(0.01))),
        schedule: any LearningRateSchedule = InverseSquareRootSchedule(peak: 0.01, warmup: 10), exampleCount: Int = 100,
        exchange: any GradientExchange = SingleProcess(), division: BatchDivision = .batches, isDropping: Bool = true,
        validate: ((ToyTagger) throws -> ValidationResult)? = { try $0.validated() }
    ) throws -> Trainer<ToyTagger, DealtBatches<TokenBucketing<FixedExamples<SequencePair>>, SequencePair>> {
        let examples = Self.examples(exampleCount, idCount: embedding.shape[0])
        return try Trainer(
            model: self, optimizer: optimizer, schedule: schedule,
            batches: TokenBucketing(examples, tokenLimit: 60, seed: 4).dealt(to: exchange, division),
            configuration: configuration, exchange: exchange, division: division,
            loss: { model, batch, step in
                batch.isEmpty ? .nothing : try model.loss(batch, key: isDropping ? step.key : nil)
            }, validate: validate)
    }
}
