import AttentionTensors
package import AttentionTraining

/// A training of a teller on so many updates of 32 pictures each, by Adam, the rate falling from its peak along a cosine. It is validated by the share of
/// captions that are wrong.
package func captionTraining<Looking, Source: CaptionTask>(
    _ teller: PictureTeller<Looking>, on task: Source, batchSize: Int = 32,
    peakRate: Float = 2e-3, _ configuration: TrainingConfiguration
) throws -> Trainer<PictureTeller<Looking>, Source.Batches> {
    let key = RandomKey(seed: configuration.seed)
    let held = task.held(key: key[2])
    let wanted = held.map(\.words)
    let total = configuration.maximumUpdates ?? 100_000
    return try Trainer(
        model: teller,
        schedule: CosineSchedule(peak: peakRate, warmup: min(200, total / 10), total: total),
        batches: task.batches(size: batchSize, key: key[1]), configuration: configuration,
        loss: { teller, batch, step in try teller.loss(batch, key: step.key) },
        validate: { teller in
            let told = try teller.captions(of: held, limit: task.longestCaption)
            let wrongCount = zip(told, wanted).count { $0 != $1 }
            return ValidationResult(loss: Double(wrongCount) / Double(max(1, wanted.count)))
        })
}
