/// How long to train, how to step, when to look, what to keep.
public struct TrainingConfiguration: Sendable, Hashable {
    /// Which validated models are kept as files, to be averaged at the end.
    public enum Snapshots: Sendable, Hashable {
        /// Those that validation liked best.
        case best(Int)
        /// Those of the latest validations.
        case last(Int)
    }

    /// Stop after this many updates.
    public var maximumUpdates: Int?
    /// Stop after this many passes over the data.
    public var maximumEpochs: Int?
    /// Stop after this much time, all runs of a resumed training together.
    public var maximumMinutes: Double?
    /// How many batches make an update, of all ranks together; the last update of an epoch may have fewer.
    public var accumulationCount = 1
    /// How many batches are made ahead on another thread while a step is computed; 0 makes each when it is needed.
    public var prefetchCount = 2
    /// Parameters that are trained in another way than the rest, or not at all.
    public var groups: [ParameterGroup] = []
    /// Gradients are scaled down to this norm; nil leaves them as they are.
    public var clippingNorm: Float?
    /// Validate after every so many updates; 0 never does.
    public var validationInterval = 1000
    /// Stop after this many validations in a row that are no better than the best before them; 0 never does.
    public var earlyStoppingPatience = 0
    /// The metric that tells which model is better; nil for the validation loss.
    public var selectionMetric: String?
    /// Which validated models are kept as files.
    public var snapshots = Snapshots.best(5)
    /// Save a checkpoint after every so many updates, besides after each validation and at the end.
    public var checkpointInterval = 1000
    /// Report after every so many updates.
    public var progressInterval = 100
    /// Where checkpoints go; nil saves nothing.
    public var directory: String?
    /// Where events are written as JSON lines; nil writes none.
    public var logPath: String?
    /// What all randomness follows from.
    public var seed: UInt64 = 1
    /// Whatever else decides the course of the training, by name: settings, data, tokenizer. It is kept with checkpoints, and a resumed
    /// training must have the same.
    public var identity: [String: String] = [:]

    /// The defaults, without any limit.
    public init() {}

    func checked(isValidated: Bool) throws(TrainingError) {
        for (name, value) in [
            ("accumulationCount", accumulationCount), ("checkpointInterval", checkpointInterval),
            ("progressInterval", progressInterval),
        ] where value < 1 {
            throw .setting(name, expected: "of at least 1", found: "\(value)")
        }
        for (name, value) in [
            ("validationInterval", validationInterval), ("earlyStoppingPatience", earlyStoppingPatience),
            ("snapshots", snapshots.count), ("prefetchCount", prefetchCount),
        ] where value < 0 {
            throw .setting(name, expected: "of at least 0", found: "\(value)")
        }
        if let clippingNorm, !(clippingNorm > 0) {
            throw .setting("clippingNorm", expected: "above 0", found: "\(clippingNorm)")
        }
        guard !isValidated else { return }
        if earlyStoppingPatience > 0 {
            throw .setting(
                "earlyStoppingPatience", expected: "of 0 where nothing is validated", found: "\(earlyStoppingPatience)")
        }
        if let selectionMetric {
            throw .setting("selectionMetric", expected: "of none where nothing is validated", found: selectionMetric)
        }
    }
}

extension TrainingConfiguration.Snapshots {
    var count: Int {
        switch self {
        case .best(let count), .last(let count): count
        }
    }

    /// The beginning of the files' names.
    var name: String {
        switch self {
        case .best: "best"
        case .last: "last"
        }
    }
}
