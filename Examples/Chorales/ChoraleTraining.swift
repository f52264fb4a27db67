package import AttentionModels
package import AttentionMusic
import AttentionTensors
package import AttentionTraining

/// How models of chorales are trained here: AdamW with decay on matrices, a linear climb and half a cosine wave down to a tenth.
package struct ChoraleSettings: Sendable {
    /// The sizes of the model.
    package var model = MusicTransformerConfiguration()
    /// Tokens that the model reads at once.
    package var length = 256
    /// Stretches of a batch.
    package var batchSize = 8
    /// Updates in all.
    package var updates = 1000
    /// The highest learning rate.
    package var peakRate: Float = 2e-3
    /// What all randomness follows from.
    package var seed: UInt64 = 1

    /// A model that is trained in half an hour.
    package init() {}
}

/// A training of a model on the chorales to learn from, watched on some of those to choose by.
package func choraleTraining(
    _ settings: ChoraleSettings, _ chorales: ChoraleCollection, _ configuration: TrainingConfiguration
) throws -> Trainer<CausalLanguageModel, ChoraleBatches> {
    let key = RandomKey(seed: settings.seed)
    let watched = Array(chorales.valid.prefix(12))
    return try Trainer(
        model: try MusicTransformer.model(settings.model, key: key[0]),
        optimizer: Adam(Adam.Configuration(beta2: 0.98, decay: .matrices(0.05))),
        schedule: CosineSchedule(
            peak: settings.peakRate, floor: settings.peakRate / 10, warmup: min(100, settings.updates / 5),
            total: settings.updates),
        batches: ChoraleBatches(
            chorales.train, batchSize: settings.batchSize, length: settings.length, key: key[1]),
        configuration: configuration,
        loss: { model, batch, step in
            let tokens = try TokenBatch(batch.map { Array($0.dropLast()) }, padding: ChoraleVocabulary.end)
            let targets = batch.flatMap { row in
                (1...tokens.length).map { $0 < row.count ? Optional(row[$0]) : nil }
            }
            return LossValue(
                total: try model.loss(tokens, targets: targets, training: step.key),
                weight: Double(targets.count { $0 != nil }))
        },
        validate: { model in
            ValidationResult(loss: try ChoraleLoss(of: model, on: watched, length: settings.length).perToken)
        })
}
