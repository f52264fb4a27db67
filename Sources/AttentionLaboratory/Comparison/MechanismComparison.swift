import Attention
import AttentionDecoding
import AttentionModels
import AttentionTensors
public import AttentionTraining
import Glibc

/// Trains the same small model with different mechanisms on the same data, budget and seed, and measures what each can do.
public struct MechanismComparison: Sendable {
    /// What is to be learnt.
    public var task = SequenceTask.reverse
    /// The longest sequence, in symbols.
    public var maximumLength = 20
    /// The updates each mechanism has.
    public var updateCount = 1000
    /// The tokens of a batch, padding included.
    public var batchTokens = 2048
    /// The highest learning rate.
    public var peakRate: Float = 3e-3
    /// What data, parameters and order follow from.
    public var seed: UInt64 = 1

    /// A comparison with these defaults.
    public init() {}

    static let symbolCount = 20
    /// Padding, start and end, and the symbols.
    static let vocabularySize = SequenceTask.firstSymbol + symbolCount
    private static let trainingCount = 10_000
    private static let testCount = 500
    private static let special = SpecialTokens(padding: 0, start: 1, end: SequenceTask.end)

    /// Trains a model on the task and measures it; `progress` is told the update and the loss.
    /// - Throws: what is wrong with the settings or the model.
    public func measure(
        _ subject: ComparisonSubject, progress: (Int, Double) -> Void = { _, _ in }
    ) throws -> ComparisonRow {
        let configuration = ModelConfiguration(name: subject.name, architecture: subject.architecture)
        return try measure(try configuration.makeModel(key: RandomKey(seed: seed)[0]), subject.name, progress)
    }

    private func measure<Model: SequenceToSequence>(
        _ model: Model, _ name: String, _ progress: (Int, Double) -> Void
    ) throws -> ComparisonRow {
        TensorMemory.forgetPeak()
        var trainer = try makeTrainer(model)
        var speeds: [Double] = []
        _ = try trainer.run { event in
            guard case .progress(let report) = event else { return }
            speeds.append(report.weightPerSecond)
            progress(report.update, report.loss)
        }
        let peakBytes = TensorMemory.peakBytes
        let test = pairs(Self.testCount, RandomKey(seed: seed)[2])
        let outcomes = try outcomes(trainer.model, test)
        return ComparisonRow(
            name: name, parameterCount: model.parameterCount, loss: try validate(trainer.model, test).loss,
            accuracy: share(outcomes.map(\.isRight)),
            tokensPerSecond: speeds.isEmpty ? 0 : speeds.sorted()[speeds.count / 2],
            peakMegabytes: Double(peakBytes) / 1e6, entropy: mean(outcomes.compactMap(\.entropy)),
            byLength: byLength(outcomes))
    }

    private func pairs(_ count: Int, _ key: RandomKey) -> [SequencePair] {
        task.pairs(count: count, symbolCount: Self.symbolCount, lengths: 1...maximumLength, key: key)
    }

    private func makeTrainer<Model: SequenceToSequence>(
        _ model: Model
    ) throws -> Trainer<Model, TokenBucketing<FixedExamples<SequencePair>>> {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updateCount
        configuration.clippingNorm = 1
        configuration.progressInterval = 20
        configuration.seed = seed
        return try Trainer(
            model: model,
            schedule: CosineSchedule(peak: peakRate, floor: 0, warmup: updateCount / 10, total: updateCount),
            batches: TokenBucketing(
                pairs(Self.trainingCount, RandomKey(seed: seed)[1]), tokenLimit: batchTokens, seed: seed),
            configuration: configuration,
            loss: { model, pairs, step in
                let batch = batch(pairs)
                return LossValue(
                    total: try model.loss(batch, training: step.key), weight: Double(batch.targetTokenCount))
            })
    }

    private func batch(_ pairs: [SequencePair]) -> SequencePairBatch {
        SequencePairBatch(pairs.map { ($0.source, $0.target) }, special: Self.special)
    }

    private func validate(_ model: some SequenceToSequence, _ test: [SequencePair]) throws -> ValidationResult {
        let batch = batch(test)
        return ValidationResult(loss: Double(try model.loss(batch).scalar) / Double(max(1, batch.targetTokenCount)))
    }

    /// What a trained model makes of one sequence by itself.
    private struct Outcome {
        let length: Int
        let isRight: Bool
        /// The mean entropy of its alignment, in nats.
        let entropy: Double?
    }

    private func outcomes(_ model: some SequenceToSequence, _ test: [SequencePair]) throws -> [Outcome] {
        let sources = PaddedBatch(test.map(\.source), padding: Self.special.padding)
        let rules = TokenRules(
            endTokens: [Self.special.end], bannedTokens: [Self.special.padding, Self.special.start])
        let found = try BeamSearch.greedy(tokens: rules).search(
            model, from: try model.start(sources), prompts: test.map { _ in [Self.special.start] },
            stepLimits: sources.lengths.map { $0 + 1 }, aligning: true)
        return try zip(test, found).map { pair, hypotheses in
            let hypothesis = hypotheses.first
            return Outcome(
                length: pair.source.count - 1,
                isRight: hypothesis?.isFinished == true && hypothesis?.tokens == Array(pair.target.dropLast()),
                entropy: try hypothesis?.alignments.map { try entropy(of: $0) })
        }
    }

    /// The mean over tokens, layers and heads of −Σ w ln w.
    private func entropy(of alignments: Tensor) throws -> Double {
        let rows = alignments.shape.elementCount / max(1, alignments.shape[-1])
        let sum = alignments.values.reduce(0.0) { $1 > 0 ? $0 - Double($1) * log(Double($1)) : $0 }
        return sum / Double(max(1, rows))
    }

    private func byLength(_ outcomes: [Outcome]) -> [ComparisonRow.LengthBucket] {
        let size = max(1, (maximumLength + 4) / 5)
        return stride(from: 1, through: maximumLength, by: size).compactMap { start in
            let range = start...min(start + size - 1, maximumLength)
            let inside = outcomes.filter { range.contains($0.length) }
            guard !inside.isEmpty else { return nil }
            return ComparisonRow.LengthBucket(
                from: range.lowerBound, to: range.upperBound, sequences: inside.count,
                accuracy: share(inside.map(\.isRight)))
        }
    }
}

private func share(_ truths: [Bool]) -> Double { mean(truths.map { $0 ? 1 : 0 }) ?? 0 }

private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
