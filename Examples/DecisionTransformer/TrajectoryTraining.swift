package import AttentionModels
package import AttentionReinforcement
import AttentionTensors
package import AttentionTraining

/// How the models of this example are trained: AdamW, a climb and half a cosine wave, cross-entropy of what was done.
package struct TrajectoryTraining: Sendable {
    /// The sizes of the model.
    package var sizes: TrajectorySizes
    /// Updates in all.
    package var updates = 600
    /// Episodes of a batch.
    package var batchSize = 64
    /// The highest learning rate.
    package var peakRate: Float = 2e-3
    /// What all randomness follows from.
    package var seed: UInt64 = 1

    /// A training for an environment.
    package init(_ environment: any Environment) {
        sizes = TrajectorySizes(
            stateSize: environment.layout.size, actionSize: environment.actionNames.count,
            stepLimit: environment.stepLimit)
        (sizes.modelSize, sizes.headCount, sizes.dropout) = (32, 4, 0)
    }

    /// A model of logged episodes.
    ///
    /// - Parameter purpose: whether it is told what return followed; else it clones what was done.
    package func model(
        of logged: LoggedEpisodes, for purpose: LoggedBatches.Purpose,
        observer: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> TrajectoryModel {
        let key = RandomKey(seed: seed)
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updates
        configuration.seed = seed
        configuration.clippingNorm = 1
        configuration.validationInterval = 0
        var trainer = try Trainer(
            model: try TrajectoryModel.model(sizes, key: key[0]),
            optimizer: Adam(Adam.Configuration(beta2: 0.95, decay: .matrices(0.01))),
            schedule: CosineSchedule(
                peak: peakRate, floor: peakRate / 10, warmup: min(100, updates / 5), total: updates),
            batches: LoggedBatches(
                logged, batchSize: batchSize, actionCount: sizes.actionSize, purpose: purpose, key: key[1]),
            configuration: configuration,
            loss: { model, batch, step in
                let logits = try model(batch.trajectories, training: step.key).actions
                let rows = try logits.reshaped(to: [batch.actions.count, logits.shape[2]])
                return LossValue(
                    total: try rows.crossEntropy(targets: batch.actions),
                    weight: Double(batch.actions.count { $0 != nil }))
            })
        _ = try trainer.run(observer: observer)
        return trainer.model
    }
}
