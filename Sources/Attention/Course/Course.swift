import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionTraining

/// What a model is trained for: what it learns from, what it loses on a batch, how good it is, and how it is kept.
protocol CourseTask: Sendable {
    /// What is trained.
    associatedtype Model: PretrainedModel
    /// What it is trained on.
    associatedtype Batches: BatchSource
    /// The model before the first update.
    var start: TrainableModel<Model> { get }
    /// What this process learns from.
    func batches(_ exchange: any GradientExchange, _ division: BatchDivision) -> Batches
    /// What all learn from, in words.
    var data: String { get }
    /// What is lost on what, for the learning curve.
    var lossName: String { get }
    /// The metric that tells which model is better; nil for the validation loss.
    var metric: String? { get }
    /// What else decides the course of the training, by name.
    var identity: [String: String] { get }

    /// The loss of a batch.
    /// - Parameter key: the source of dropout.
    func loss(_ model: Model, _ batch: Batches.Batch, training key: RandomKey) throws -> LossValue
    /// How good a model is on the examples to choose the best one by.
    func validation(of model: Model) throws -> ValidationResult
    /// A model with something to be examined on; nil if it cannot be.
    func patient(of model: Model) throws -> (any AttentionPatient)?
    /// Writes the model as a folder, with all that it is used with.
    func write(_ model: Model, to directory: String) throws
}

/// The loop around a task: the same for all models that are trained from their beginning.
struct Course {
    let directory: String
    let settings: CourseSettings
    let seed: UInt64
    /// All that decides the course of the training beside model, tokenizer and seed, by name.
    let identity: [String: String]
    /// What the run was asked for.
    let record: String
    /// The processes that train together.
    var exchange: any GradientExchange = SingleProcess()

    /// The folder, which must be free, or have a checkpoint to resume.
    static func folder(_ directory: String) -> TrainingFolder {
        TrainingFolder(path: directory, modelFiles: ["model.safetensors", "config.json"])
    }

    func run<Task: CourseTask>(
        _ task: Task, isResumed: Bool, _ observer: (CourseReport) throws -> Void
    ) throws -> StopReason {
        var loop = settings.makeConfiguration(directory: directory, seed: seed)
        loop.identity = identity.merging(task.identity) { $1 }
        loop.identity["model"] = "\(Fingerprint(of: task.start.model))"
        loop.selectionMetric = task.metric
        let division = BatchDivision(for: exchange, accumulating: loop.accumulationCount)
        var trainer = try Trainer(
            model: task.start.model, optimizer: settings.makeOptimizer(), schedule: settings.makeSchedule(),
            batches: task.batches(exchange, division), configuration: loop, exchange: exchange, division: division,
            loss: { model, batch, step in try task.loss(model, batch, training: step.key) },
            validate: { model in try task.validation(of: model).examining { try task.patient(of: model) } })
        if isResumed { try trainer.resume() }
        if exchange.isWriter {
            try AtomicFile.write(Array(record.utf8), to: directory + "/settings.json")
            try observer(
                .prepared(
                    .init(
                        data: task.data, parameterCount: task.start.model.parameterCount,
                        updateCount: settings.maximumUpdates)))
        }
        let reason = try withPrecision(settings.precision) {
            try withActivations(settings.activations) {
                try trainer.run { if exchange.isWriter { try observer(.training($0)) } }
            }
        }
        guard exchange.isWriter else { return reason }
        if reason != .interrupted { try task.write(try trainer.averagedModel(), to: directory) }
        try LearningCurve(log: directory + "/log.jsonl", loss: task.lossName, training: "training")
            .write(to: directory + "/learning-curve.svg")
        return reason
    }

    /// Settings that decide the course of a training, by name. Where it ends early is no part of it, nor how often it is saved.
    static func identity(of settings: some Encodable & Sendable) -> [String: String] {
        let free: Set = ["maximumMinutes", "patience", "checkpointInterval", "activations"].reduce(into: []) {
            $0.insert("training." + $1)
        }
        var identity: [String: String] = [:]
        for (name, value) in SettingValue.all(of: settings) where !free.contains(name) {
            identity["settings." + name] = value.plain
        }
        return identity
    }
}
