internal import AttentionTensors

/// What is worth telling of one update.
struct StepResult {
    let learningRate: Float
    let gradientNorm: Float
}

extension Trainer {
    /// One update: the gradients of some batches of all ranks, averaged over their weight, clipped, and a step along them.
    mutating func takeStep() throws -> StepResult {
        let start = ContinuousClock.now
        let update = progress.update + 1
        var sums = try addUp(update)
        try exchange.combine(&sums, in: buckets)
        let gradients = sums.gradients
        let loss = sums.losses.total
        guard loss.sum.isFinite else { throw TrainingError.notFinite(quantity: "loss", update: update) }

        let scale = loss.weight > 0 ? 1 / Float(loss.weight) : 1
        let norm = try norm(of: gradients) * scale
        guard norm.isFinite else { throw TrainingError.notFinite(quantity: "gradient", update: update) }
        let clipping = configuration.clippingNorm.map { clippingFactor(norm: norm, limit: $0) } ?? 1
        let rate = schedule.rate(at: update, after: progress.validations.map(\.loss))
        optimizer.step(
            &model, gradients: gradients, scale: scale * clipping, rate: rate, groups: rules, share: share)
        try shareWeights()

        progress.update = update
        progress.recent.losses.add(sums.losses)
        let seconds = start.seconds
        progress.recent.seconds += seconds
        progress.seconds += seconds
        return StepResult(learningRate: rate, gradientNorm: norm)
    }

    /// What this rank's batches of an update add up to.
    private mutating func addUp(_ update: Int) throws -> UpdateSums {
        var sums = UpdateSums()
        let key = RandomKey(seed: configuration.seed)[update]
        for microBatch in 0..<configuration.accumulationCount / maker.rankCount {
            if let batch = try nextBatch() {
                try add(batch, TrainingStep(update: update, key: self.key(of: microBatch, key)), to: &sums)
            }
            if progress.batch == 0 { break }  // an update does not reach into the next epoch
        }
        return sums
    }

    /// The randomness of this rank's part of an update: that of a batch belongs to the batch, whoever computes it; shares of one draw apart.
    private func key(of microBatch: Int, _ update: RandomKey) -> RandomKey {
        switch division {
        case .batches: update[microBatch * exchange.rankCount + exchange.rank]
        case .examples: update[microBatch][exchange.rank]
        }
    }

    /// The graph of the batch before is gone when that of this one begins, and this one's when the gradients have been asked for: so no parameter that is then
    /// changed in place is held by anybody else.
    private func add(_ batch: Batches.Batch, _ step: TrainingStep, to sums: inout UpdateSums) throws {
        sums.finish()
        let tracked = rules.tracked(model)
        try sums.add(try loss(tracked, batch, step), of: tracked)
    }

    /// This rank's next batch; nil where the last round of an epoch has none for it.
    private mutating func nextBatch() throws -> Batches.Batch? {
        let round = try nextRound()
        progress.batchCount = round.batchCount
        progress.position = round.next
        return round.batch
    }

    private mutating func nextRound() throws -> BatchRound<Batches.Batch> {
        let position = progress.position
        guard configuration.prefetchCount > 0 else { return try maker.round(at: position) }
        // A copy of this trainer may have gone on with the same prefetcher.
        if prefetcher?.position != position {
            prefetcher = Prefetcher(maker, from: position, capacity: configuration.prefetchCount)
        }
        return try prefetcher?.next() ?? maker.round(at: position)
    }
}

extension Trainer {
    /// What has happened since the last report, which is thereby made.
    mutating func takeReport(of step: StepResult) -> TrainingReport {
        let recent = progress.recent
        progress.recent = TrainingProgress.Recent()
        return TrainingReport(
            update: progress.update, epoch: progress.epoch, loss: recent.losses.total.mean,
            parts: recent.losses.parts.mapValues(\.mean), learningRate: step.learningRate,
            gradientNorm: step.gradientNorm,
            weightPerSecond: recent.losses.total.weight / max(recent.seconds, 1e-9), seconds: progress.seconds,
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
