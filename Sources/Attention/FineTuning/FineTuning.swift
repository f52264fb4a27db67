import AttentionFiles
import AttentionModels
import AttentionTensors
public import AttentionTraining

/// Fine-tunes a pretrained text encoder for a task, and leaves a folder that the tasks and the reference read.
///
/// ```swift
/// let tuning = FineTuning(model: "all-MiniLM-L6-v2", directory: "intents", seed: 1)
/// let train = try ClassifiedText.read(["train.tsv"]), valid = try ClassifiedText.read(["valid.tsv"])
/// try tuning.run(.classes(train: train, valid: valid)) { print($0) }
/// let intent = try TextClassifier(path: "intents").classify("Where is my card?").first
/// ```
///
/// The model that is kept is the one that validation liked best. With `settings.adapter.rank` above 0 the model stays as it is, and the folder
/// holds adapters in PEFT's form instead (Hu et al. 2022). The folder also holds what it was made with: `settings.json`, `log.jsonl`,
/// `learning-curve.svg`, and while training is unfinished `training/` with its checkpoint.
public struct FineTuning: Sendable {
    /// The folder of the model to start from.
    public var model: String
    /// Where everything goes.
    public var directory: String
    /// How the model is trained.
    public var settings: FineTuningSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// A fine-tuning of the model in a folder.
    public init(model: String, directory: String, settings: FineTuningSettings = FineTuningSettings(), seed: UInt64 = 1)
    {
        (self.model, self.directory, self.settings, self.seed) = (model, directory, settings, seed)
    }

    /// What a run tells while it prepares and trains.
    public enum Report: Sendable {
        /// Everything is ready.
        case prepared(Preparation)
        /// The loop has something to tell.
        case training(TrainingEvent)
    }

    /// What a run is about to do.
    public struct Preparation: Sendable, Hashable {
        /// How many texts, pairs of texts or windows are learnt from.
        public let exampleCount: Int
        /// How many of them are longer than the model reads, and are cut at the end.
        public let cutCount: Int
        /// What the classes are called; none if there are no classes.
        public let labels: [String]
        /// Parameters of the head that the model does not have, and that are made anew.
        public let fresh: [String]
        /// How many numbers training changes.
        public let trainedCount: Int
        /// How many there are.
        public let parameterCount: Int
        /// After how many updates training ends.
        public let updateCount: Int
    }

    /// Trains until its end or a signal; at its end writes the model, or its adapters.
    ///
    /// - Parameters:
    ///   - data: what to learn, and with that for what task.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    ///   - exchange: the processes that train together; one of them writes, and has an observer.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the model, the data, the settings, or the disk.
    @discardableResult public func run(
        _ data: FineTuningData, isResumed: Bool = false, record: String? = nil,
        exchange: any GradientExchange = SingleProcess(), observer: (Report) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        for (part, count) in [("training", data.counts.train), ("validation", data.counts.valid)] where count == 0 {
            throw FineTuningError.noExamples(of: part)
        }
        let folder = TrainingFolder(
            path: directory, modelFiles: ["model.safetensors", "adapter_model.safetensors", "config.json"])
        return try folder.hold(isResumed: isResumed, isWriter: exchange.isWriter) {
            let task = try data.task(of: model, settings, key: RandomKey(seed: seed)[0])
            let reason = try run(task, data.identity, isResumed, record, exchange) {
                if exchange.isWriter { try observer($0) }
            }
            guard exchange.isWriter else { return reason }
            try LearningCurve(log: directory + "/log.jsonl", loss: "loss per example (nats)", training: "training")
                .write(
                    to: directory + "/learning-curve.svg")
            return reason
        }
    }

    private func run<Task: TunedTask>(
        _ task: Task, _ data: [String: String], _ isResumed: Bool, _ record: String?,
        _ exchange: any GradientExchange, _ observer: (Report) throws -> Void
    ) throws -> StopReason {
        let plan = settings.adapter.plan
        var initial = task.initial
        if let plan { initial = try initial.adapted(plan, key: RandomKey(seed: seed)[1]) }
        // Where examples of a batch are compared, no batch is divided.
        let division =
            task.comparesExamples ? .batches : BatchDivision(for: exchange, accumulating: settings.accumulationCount)
        let batches = SimilarBatches(FixedExamples(task.train), size: settings.batchSize, seed: seed)
            .dealt(to: exchange, division)
        let batchCount = (task.train.count + settings.batchSize - 1) / settings.batchSize
        let updatesPerEpoch = (batchCount + settings.accumulationCount - 1) / settings.accumulationCount
        let updateCount = updatesPerEpoch * settings.maximumEpochs
        var loop = settings.makeConfiguration(
            directory: directory, seed: seed, updatesPerEpoch: updatesPerEpoch, metric: task.metric)
        loop.groups = settings.groups(of: initial)
        loop.identity = identity(of: initial, labels: task.labels).merging(data) { $1 }
        let trained = try ParameterRules(loop.groups, of: initial)
        var trainer = try Trainer(
            model: initial, optimizer: settings.makeOptimizer(),
            schedule: settings.makeSchedule(total: updateCount), batches: batches, configuration: loop,
            exchange: exchange,
            division: division,
            loss: { model, batch, step in
                batch.isEmpty ? .nothing : try task.loss(model, batch, training: step.key)
            },
            validate: { model in try task.validation(of: model).examining { task.patient(of: model) } })
        if isResumed { try trainer.resume() }
        if exchange.isWriter {
            try AtomicFile.write(Array((record ?? settings.json()).utf8), to: directory + "/settings.json")
        }
        try observer(
            .prepared(
                Preparation(
                    exampleCount: task.train.count, cutCount: task.cutCount, labels: task.labels, fresh: task.fresh,
                    trainedCount: initial.trainedCount(besides: trained.frozenNames),
                    parameterCount: initial.parameterCount,
                    updateCount: min(updateCount, settings.maximumUpdates > 0 ? settings.maximumUpdates : updateCount)))
        )
        let reason = try withPrecision(settings.precision) {
            try withActivations(settings.activations) { try trainer.run { try observer(.training($0)) } }
        }
        if reason != .interrupted, exchange.isWriter {
            try task.write(try trainer.averagedModel(), plan, to: directory)
        }
        return reason
    }
}

extension Module {
    /// The number of numbers that training changes where these parameters are frozen.
    fileprivate func trainedCount(besides frozen: [String]) -> Int {
        let frozen = Set(frozen)
        return parameters { $1.role == .trained && !frozen.contains($0) }.reduce(0) {
            $0 + $1.parameter.shape.elementCount
        }
    }
}
