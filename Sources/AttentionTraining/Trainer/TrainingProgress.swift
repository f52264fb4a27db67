/// How far a training has come: with parameters and moments, everything its future depends on.
///
/// Best models, early stopping and the learning rate follow from the history of validations, so they need no state of their own.
public struct TrainingProgress: Sendable, Hashable, Codable {
    /// How many updates have been made.
    public internal(set) var update = 0
    /// The epoch the next batch is taken from, from 0.
    public internal(set) var epoch = 0
    /// The index of the next batch in its epoch.
    public internal(set) var batch = 0
    /// How many batches that epoch has; 0 before the first one is taken.
    public internal(set) var batchCount = 0
    /// How long training has taken so far, over all runs.
    public internal(set) var seconds = 0.0
    /// All validations, oldest first.
    public internal(set) var validations: [Validation] = []
    /// What has happened since the last report.
    var recent = Recent()
    /// The seed that randomness follows from.
    var seed: UInt64
    /// How long the log was, in bytes, when this was saved.
    var logLength = 0

    /// Sums over the updates since the last report.
    struct Recent: Sendable, Hashable {
        var losses = LossSums()
        var seconds = 0.0
    }

    init(seed: UInt64) { self.seed = seed }
}

extension TrainingProgress {
    /// Where the next batch is taken from.
    var position: BatchPosition {
        get { BatchPosition(epoch: epoch, batch: batch) }
        set { (epoch, batch) = (newValue.epoch, newValue.batch) }
    }

    /// The updates whose models are kept, best or latest first.
    func kept(_ configuration: TrainingConfiguration) -> [Int] {
        switch configuration.snapshots {
        case .last(let count): validations.suffix(count).reversed().map(\.update)
        case .best(let count): ranked(by: configuration.selectionMetric).prefix(count).map(\.update)
        }
    }

    /// How many validations in a row have not been better than the best before them.
    func validationsSinceBest(by metric: String?) -> Int {
        guard let best = ranked(by: metric).first else { return 0 }
        return validations.count { $0.update > best.update }
    }

    /// All validations, best first; of those that a metric cannot tell apart the one with the lower loss first, then the earlier.
    private func ranked(by metric: String?) -> [Validation] {
        validations.sorted {
            ($1.score(by: metric), $0.loss, $0.update) < ($0.score(by: metric), $1.loss, $1.update)
        }
    }
}

extension TrainingProgress.Recent: Codable {
    private enum CodingKeys: String, CodingKey {
        case loss
        // What checkpoints call the weight since losses were always those of tokens.
        case weight = "tokenCount"
        case parts, seconds
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(losses.total.sum, forKey: .loss)
        try container.encode(losses.total.weight, forKey: .weight)
        try container.encodeIfPresent(losses.parts.isEmpty ? nil : losses.parts, forKey: .parts)
        try container.encode(seconds, forKey: .seconds)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        losses.total = WeightedSum(
            try container.decode(Double.self, forKey: .loss), weight: try container.decode(Double.self, forKey: .weight)
        )
        losses.parts = try container.decodeIfPresent([String: WeightedSum].self, forKey: .parts) ?? [:]
        seconds = try container.decode(Double.self, forKey: .seconds)
    }
}
