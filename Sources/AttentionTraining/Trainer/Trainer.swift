public import AttentionTensors

/// The training loop: batches → losses → gradients → steps, with validation, checkpoints and a log on the way.
///
/// A training is a function of the model, the data and the configuration. One that is interrupted, in whatever way, and resumed
/// from its last checkpoint makes the same updates, bit for bit, as one that was not (with the same number of threads).
///
///     var trainer = try Trainer(model: model, optimizer: Adam(), schedule: schedule, batches: batches,
///         configuration: configuration, loss: { model, batch, step in … }, validate: { model in … })
///     if trainer.hasCheckpoint { try trainer.resume() }
///     let reason = try trainer.run { event in … }
public struct Trainer<Model: Module, Batches: BatchSource> {
    /// The loss of a batch under a tracked model.
    public typealias Loss = (Model, Batches.Batch, TrainingStep) throws -> LossValue
    /// How good a model is; throws `CancellationError` when it notices that it should stop.
    public typealias Validate = (Model) throws -> ValidationResult

    /// The model as trained so far.
    public internal(set) var model: Model
    /// How far training has come.
    public internal(set) var progress: TrainingProgress
    /// What was asked for.
    public let configuration: TrainingConfiguration
    var optimizer: any Optimizer
    let schedule: any LearningRateSchedule
    let loss: Loss
    let validate: Validate?
    let exchange: any GradientExchange
    let division: BatchDivision
    let rules: ParameterRules
    /// How gradients travel between ranks.
    let buckets: GradientBuckets
    /// What of the parameters this rank follows.
    let share: ParameterShare
    var maker: BatchMaker<Batches>
    /// Makes batches ahead; nil until the first is needed, and between runs.
    var prefetcher: Prefetcher<Batches>?
    /// Whether the checkpoint in the directory, if any, is this training's own.
    var ownsDirectory = false

    /// A training that has not begun.
    ///
    /// - Parameters:
    ///   - model: its parameters are where training starts. They are copied at the first update if someone else holds them too.
    ///   - exchange: how it agrees with other processes that train the same model.
    ///   - division: what of every update is this process's own. Where examples are dealt out, `batches` are its own share of them.
    ///   - loss: the summed loss of a batch, computed with the tracked model it is given.
    ///   - validate: asked after every `validationInterval` updates; nil never validates, and keeps no models but the last.
    /// - Throws: `TrainingError` if a setting is outside its range, or the pattern of a group matches no parameter.
    public init(
        model: Model, optimizer: any Optimizer = Adam(), schedule: any LearningRateSchedule, batches: Batches,
        configuration: TrainingConfiguration, exchange: any GradientExchange = SingleProcess(),
        division: BatchDivision = .batches, loss: @escaping Loss, validate: Validate? = nil
    ) throws(TrainingError) {
        try configuration.checked(isValidated: validate != nil)
        if division == .batches, configuration.accumulationCount % exchange.rankCount != 0 {
            throw .setting(
                "accumulationCount", expected: "of a multiple of the \(exchange.rankCount) ranks",
                found: "\(configuration.accumulationCount)")
        }
        let rules = try ParameterRules(configuration.groups, of: model)
        buckets = GradientBuckets(
            of: model.parameters { $1.role == .trained && !rules[$0].isFrozen }.map {
                ($0.name, $0.parameter.shape, optimizer.reach(of: $0.parameter.shape, named: $0.name))
            }, size: exchange.bucketSize, rankCount: exchange.rankCount)
        share = buckets.share(of: exchange.rank)
        self.rules = rules
        self.model = model
        self.optimizer = optimizer
        self.schedule = schedule
        self.configuration = configuration
        self.exchange = exchange
        self.division = division
        self.loss = loss
        self.validate = validate
        maker =
            switch division {
            case .batches: BatchMaker(batches, rank: exchange.rank, rankCount: exchange.rankCount)
            case .examples: BatchMaker(batches, rank: 0, rankCount: 1)
            }
        progress = TrainingProgress(seed: configuration.seed)
    }

    /// Trains until a limit is reached or `stopRequested` answers true, saves, and says why it ended.
    ///
    /// - Parameters:
    ///   - observer: told what happens; an error it throws ends the run without saving.
    ///   - stopRequested: asked after every update; a validation that notices by itself throws `CancellationError`.
    /// - Throws: `SafetensorsError` or `FileError` if something cannot be saved (the previous checkpoint is then still there), `TrainingError` if a loss
    ///   is no longer finite, the directory holds another training or the log is damaged, and whatever `loss`, `validate` and `observer` throw.
    public mutating func run(
        observer: (TrainingEvent) throws -> Void = { _ in }, until stopRequested: () -> Bool = { StopSignal.isReceived }
    ) throws -> StopReason {
        try takeDirectory()
        try exchange.introduce(try facts())
        defer { prefetcher = nil }
        let log =
            try exchange.isWriter
            ? configuration.logPath.map { try TrainingLog(path: $0, keeping: progress.logLength) } : nil
        func tell(_ event: TrainingEvent) throws {
            try log?.append(event)
            try observer(event)
        }
        while true {
            let wasValidated = try validateIfDue(stopRequested: stopRequested, tell)
            let reason = try exchange.agree(on: reasonToStop(stopRequested: stopRequested()))
            if wasValidated || reason != nil || isDue(configuration.checkpointInterval) {
                try saveCheckpoint(log, observer)
            }
            if let reason {
                try tell(.stopped(reason, update: progress.update))
                return reason
            }
            let step = try takeStep()
            if isDue(configuration.progressInterval) { try tell(.progress(takeReport(of: step))) }
        }
    }

    private func isDue(_ interval: Int) -> Bool {
        interval > 0 && progress.update > 0 && progress.update % interval == 0
    }

    private func reasonToStop(stopRequested: Bool) -> StopReason? {
        if stopRequested { return .interrupted }
        if let maximum = configuration.maximumUpdates, progress.update >= maximum { return .maximumUpdates }
        if let maximum = configuration.maximumEpochs, progress.epoch >= maximum { return .maximumEpochs }
        if let maximum = configuration.maximumMinutes, progress.seconds >= 60 * maximum { return .maximumMinutes }
        let patience = configuration.earlyStoppingPatience
        guard patience > 0 else { return nil }
        let waited = progress.validationsSinceBest(by: configuration.selectionMetric)
        return waited >= patience ? .earlyStopping : nil
    }

    /// Validates unless this update's model has been validated already, as it may have been before it was saved.
    private mutating func validateIfDue(
        stopRequested: () -> Bool, _ tell: (TrainingEvent) throws -> Void
    ) throws -> Bool {
        guard let validate, isDue(configuration.validationInterval),
            progress.validations.last?.update != progress.update,
            try exchange.agree(on: stopRequested() ? .interrupted : nil) == nil
        else { return false }
        let start = ContinuousClock.now
        var found: ValidationResult?
        do {
            if exchange.isWriter { found = try validate(model) }
        } catch is CancellationError where stopRequested() {
            // It is done again after resuming.
        }
        guard let result = try exchange.share(found) else { return false }
        progress.seconds += start.seconds
        guard result.loss.isFinite else {
            throw TrainingError.notFinite(quantity: "validation loss", update: progress.update)
        }
        if let metric = configuration.selectionMetric, result.metrics[metric] == nil {
            throw TrainingError.missingMetric(metric, found: result.metrics.keys.sorted())
        }
        let validation = Validation(update: progress.update, loss: result.loss, metrics: result.metrics)
        progress.validations.append(validation)
        try saveSnapshot()
        try tell(.validation(validation))
        return true
    }
}

extension ContinuousClock.Instant {
    /// How long ago this was.
    var seconds: Double { (ContinuousClock.now - self) / .seconds(1) }
}
