import AttentionDecoding
import AttentionEvaluation
import AttentionLayers
import AttentionModels
import AttentionTensors
import AttentionTraining

/// What a translator learns from: how likely it finds what people have written, or how good what it writes itself is.
struct TranslationLoss: Sendable {
    let settings: TranslationTrainingSettings
    let data: TranslationData
    /// What a teacher says of the same; nil without one.
    var guidance: TeacherGuidance?

    /// The loss of a batch.
    func loss(of model: some SequenceToSequence, _ batch: SequencePairBatch, _ step: TrainingStep) throws -> LossValue {
        if settings.riskSamples > 0 { return try risk(of: model, batch, step) }
        if let guidance {
            let total = try guided(model, batch, step, by: guidance)
            return LossValue(total: total, weight: Double(batch.targetTokenCount))
        }
        let batch = try fed(batch, to: model, step)
        let total =
            try settings.consistency > 0
            ? consistent(model, batch, step) : model.loss(batch, smoothing: settings.smoothing, training: step.key[0])
        return LossValue(total: total, weight: Double(batch.targetTokenCount))
    }

    /// The batch as the decoder reads it: with scheduled sampling, some of it are its own predictions of a first pass.
    private func fed(
        _ batch: SequencePairBatch, to model: some SequenceToSequence, _ step: TrainingStep
    ) throws -> SequencePairBatch {
        let forcing = settings.teacherForcing.probability(at: step.update)
        guard forcing < 1 else { return batch }
        let length = batch.input.length
        let predicted = try model.predictions(batch)
        // The prediction for position t is read at position t + 1; the start token stays.
        let shifted = batch.input.ids.indices.map { $0 % length == 0 ? batch.input.ids[$0] : predicted[$0 - 1] }
        return batch.replacingInput(
            try scheduledSample(gold: batch.input.ids, predicted: shifted, probability: forcing, key: step.key[1]))
    }

    /// Two passes with other dropout, which are to predict the same: half of the loss of R-Drop (Wu et al. 2021, eq. 4), so that it has the size of one pass.
    private func consistent(
        _ model: some SequenceToSequence, _ batch: SequencePairBatch, _ step: TrainingStep
    ) throws -> Tensor {
        let passes = try [0, 2].map { try model.logits(batch, training: step.key[$0]) }
        let errors = try passes.map { try $0.crossEntropy(targets: batch.targets, smoothing: settings.smoothing) }
        let apart = (try consistencyLoss(passes[0], passes[1]) * batch.isTarget).sum()
        return (errors[0] + errors[1] + apart * settings.consistency) * 0.5
    }

    /// What a teacher tells counts, and where asked for, how far the heads are from its own, for every word.
    private func guided(
        _ model: some SequenceToSequence, _ batch: SequencePairBatch, _ step: TrainingStep,
        by guidance: TeacherGuidance
    ) throws -> Tensor {
        guard let attention = guidance.attention else { return try told(model, batch, step, by: guidance) }
        let (loss, heads) = try recordingHeads { try told(model, batch, step, by: guidance) }
        let weight = guidance.settings.attentionWeight * Float(batch.targetTokenCount)
        return loss + (try attention.loss(heads, of: batch)) * weight
    }

    /// Between what is written and what a teacher finds likely there: (1 − α) times the loss of the one, α T² times that of the other (Kim & Rush 2016, sec. 3.1;
    /// Hinton et al. 2015, sec. 2).
    private func told(
        _ model: some SequenceToSequence, _ batch: SequencePairBatch, _ step: TrainingStep,
        by guidance: TeacherGuidance
    ) throws -> Tensor {
        guard let distributions = guidance.distributions else {
            return try model.loss(batch, smoothing: settings.smoothing, training: step.key[0])
        }
        let (share, temperature) = (guidance.settings.teacherShare, guidance.settings.temperature)
        let logits = try model.logits(batch, training: step.key[0])
        let likely = try distributions.likely(batch)
        let apart = try distillationLoss(
            logits, classes: likely.words, probabilities: likely.probabilities, temperature: temperature)
        let written = try logits.crossEntropy(targets: batch.targets, smoothing: settings.smoothing)
        return written * (1 - share) + (apart * batch.isTarget).sum() * (share * temperature * temperature)
    }

    /// What is to be expected of the model's own translations: the risk of each is what its sentence BLEU lacks to 1. What people wrote is one of the candidates, and none
    /// is there twice (Shen et al. 2016, algorithm 1).
    private func risk(
        of model: some SequenceToSequence, _ batch: SequencePairBatch, _ step: TrainingStep
    ) throws -> LossValue {
        let pairs = batch.pairs
        let written = try candidates(for: pairs, from: model.mapParameters { $1.detached() }, step.key[3])
        let width = written.map(\.count).max() ?? 0
        var (rows, risks, isCandidate) = ([SequencePair](), [Float](), [Bool]())
        for (pair, written) in zip(pairs, written) {
            let reference = data.tokenizer.decode(pair.target)
            for number in 0..<width {
                // Where a source has fewer, its first one stands for what is not seen.
                let candidate = number < written.count ? written[number] : written[0]
                rows.append(SequencePair(source: pair.source, target: candidate))
                risks.append(try 1 - Self.quality(of: data.tokenizer.decode(candidate), reference))
                isCandidate.append(number < written.count)
            }
        }
        let shape: Shape = [pairs.count, width]
        let likely = try model.logProbabilities(of: data.batch(rows), training: step.key[0]).reshaped(
            to: shape.dimensions)
        let expected = try expectedRisk(
            likely, risks: Tensor(risks, shape: shape), sharpness: settings.riskSharpness,
            visible: Mask(isCandidate, shape: shape))
        return LossValue(total: expected.sum(), weight: Double(pairs.count))
    }

    /// For each pair what people wrote, and what the model draws besides, each once.
    func candidates(
        for pairs: [(source: [Int], target: [Int])], from model: some SequenceToSequence, _ key: RandomKey
    ) throws -> [[[Int]]] {
        let special = data.special
        let sampling = Sampling(
            sampleCount: settings.riskSamples,
            tokens: TokenRules(endTokens: [special.end], bannedTokens: [special.padding, special.start]))
        let sources = PaddedBatch(pairs.map(\.source), padding: special.padding)
        let drawn = try sampling.search(
            model, from: model.start(sources), prompts: pairs.map { _ in [special.start] },
            stepLimits: pairs.map { min(settings.maximumLength, $0.target.count * 3 / 2 + 10) },
            keys: pairs.indices.map { key[$0] })
        return zip(pairs, drawn).map { pair, drawn in
            drawn.reduce(into: [pair.target]) { known, one in
                let written = one.tokens + [special.end]
                if !known.contains(written) { known.append(written) }
            }
        }
    }

    private static func quality(of text: String, _ reference: String) throws -> Float {
        Float(try BLEU().sentenceScore(text, references: [reference]).score / 100)
    }
}
