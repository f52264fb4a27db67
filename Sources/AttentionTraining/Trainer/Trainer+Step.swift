internal import AttentionTensors

/// What is worth telling of one update.
struct StepResult {
    let learningRate: Float
    let gradientNorm: Float
}

extension Trainer {
    /// One update: the gradients of some batches, averaged over their target tokens, clipped, and a step along them.
    mutating func takeStep() throws -> StepResult {
        let start = ContinuousClock.now
        let update = progress.update + 1
        var gradients = ParameterGradients()
        var lossSum = 0.0
        var tokenCount = 0
        for microBatch in 0..<configuration.accumulationCount {
            let batch = try nextBatch()
            let key = RandomKey(seed: configuration.seed)[update][microBatch]
            let value = try addGradients(of: batch, TrainingStep(update: update, key: key), to: &gradients)
            lossSum += Double(value.sum)
            tokenCount += value.tokenCount
            if progress.batch == 0 { break }  // an update does not reach into the next epoch
        }
        guard lossSum.isFinite else { throw TrainingError.notFinite(quantity: "loss", update: update) }

        let scale = 1 / Float(max(1, tokenCount))
        let norm = gradients.norm() * scale
        guard norm.isFinite else { throw TrainingError.notFinite(quantity: "gradient", update: update) }
        let clipping = configuration.clippingNorm.map { clippingFactor(norm: norm, limit: $0) } ?? 1
        let rate = schedule.rate(at: update, after: progress.validations.map(\.loss))
        optimizer.step(&model, gradients: gradients, scale: scale * clipping, rate: rate)

        progress.update = update
        progress.recent.loss += lossSum
        progress.recent.tokenCount += tokenCount
        let seconds = start.seconds
        progress.recent.seconds += seconds
        progress.seconds += seconds
        return StepResult(learningRate: rate, gradientNorm: norm)
    }

    /// A function of its own so that the tracked model and its graph are gone when the parameters are changed in place.
    private func addGradients(
        of batch: Batches.Batch, _ step: TrainingStep, to gradients: inout ParameterGradients
    ) throws -> (sum: Float, tokenCount: Int) {
        let tracked = model.tracked()
        let value = try loss(tracked, batch, step)
        gradients.add(try value.sum.gradients(), of: tracked)
        return (value.sum.scalar, value.tokenCount)
    }

    private mutating func nextBatch() throws -> Batches.Batch {
        let epoch = try currentEpoch()
        let batch = epoch[progress.batch]
        progress.batchCount = epoch.count
        progress.batch += 1
        if progress.batch == epoch.count { (progress.epoch, progress.batch) = (progress.epoch + 1, 0) }
        return batch
    }

    mutating func currentEpoch() throws -> Batches.Epoch {
        if let epoch, epoch.number == progress.epoch { return epoch.batches }
        let made = batches.epoch(progress.epoch)
        guard !made.isEmpty else { throw TrainingError.noBatches(epoch: progress.epoch) }
        epoch = (progress.epoch, made)
        return made
    }
}

extension Trainer {
    /// What has happened since the last report, which is thereby made.
    mutating func takeReport(of step: StepResult) -> TrainingReport {
        let recent = progress.recent
        progress.recent = TrainingProgress.Recent()
        return TrainingReport(
            update: progress.update, epoch: progress.epoch, loss: recent.loss / Double(max(1, recent.tokenCount)),
            learningRate: step.learningRate, gradientNorm: step.gradientNorm,
            tokensPerSecond: Double(recent.tokenCount) / max(recent.seconds, 1e-9), seconds: progress.seconds,
            secondsLeft: secondsLeft)
    }

    /// The time until the nearest limit, at the mean pace so far.
    private var secondsLeft: Double? {
        let updates = configuration.maximumUpdates.map { Double(progress.update) / Double(max(1, $0)) }
        let epochs = configuration.maximumEpochs.map {
            (Double(progress.epoch) + Double(progress.batch) / Double(max(1, progress.batchCount))) / Double(max(1, $0))
        }
        let atThisPace = [updates, epochs].compactMap(\.self).map { progress.seconds / $0 - progress.seconds }
        let atTheClock = configuration.maximumMinutes.map { 60 * $0 - progress.seconds }
        return (atThisPace + [atTheClock].compactMap(\.self)).min().map { max(0, $0) }
    }
}
