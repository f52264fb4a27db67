import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// What a model that writes is trained for: what it learns from, what it loses on a batch, and how good it is.
protocol TextTrainingTask: Sendable {
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
    /// From text to tokens and back.
    var tokenizer: TrainingTokenizer { get }
    /// How it writes unless it is told otherwise: `generation_config.json`.
    var generation: JSONValue { get }

    /// The loss of a batch.
    /// - Parameter key: the source of dropout.
    func loss(_ model: Model, _ batch: Batches.Batch, training key: RandomKey) throws -> LossValue
    /// How good a model is on the texts to choose the best one by.
    func validation(of model: Model) throws -> ValidationResult
}

/// The loop around a task: the same for all models that write.
struct TextTrainingLoop {
    let directory: String
    let settings: TextTrainingSettings
    let seed: UInt64
    /// All that decides the course of the training beside model, tokenizer and seed, by name.
    let identity: [String: String]
    /// What the run was asked for.
    let record: String
    /// The processes that train together.
    let exchange: any GradientExchange

    /// The folder, which must be free, or have a checkpoint to resume.
    static func folder(_ directory: String) -> TrainingFolder {
        TrainingFolder(path: directory, modelFiles: ["model.safetensors", "config.json"])
    }

    func run<Task: TextTrainingTask>(
        _ task: Task, isResumed: Bool, _ observer: (TextTrainingReport) throws -> Void
    ) throws -> StopReason {
        var loop = settings.makeConfiguration(directory: directory, seed: seed)
        loop.identity = identity.merging([
            "model": "\(Fingerprint(of: task.start.model))",
            "tokenizer": "\(Fingerprint(of: task.tokenizer.tokenizer))",
        ]) { $1 }
        let division = BatchDivision(for: exchange, accumulating: loop.accumulationCount)
        var trainer = try Trainer(
            model: task.start.model, optimizer: settings.makeOptimizer(), schedule: settings.makeSchedule(),
            batches: task.batches(exchange, division), configuration: loop, exchange: exchange, division: division,
            loss: { model, batch, step in try task.loss(model, batch, training: step.key) },
            validate: { model in try task.validation(of: model) })
        if isResumed { try trainer.resume() }
        if exchange.isWriter {
            try AtomicFile.write(Array(record.utf8), to: directory + "/settings.json")
            try observer(
                .prepared(
                    .init(
                        data: task.data, vocabularySize: task.tokenizer.tokenizer.count,
                        parameterCount: task.start.model.parameterCount, updateCount: settings.maximumUpdates)))
        }
        let reason = try withPrecision(settings.precision) {
            try trainer.run { if exchange.isWriter { try observer(.training($0)) } }
        }
        guard exchange.isWriter else { return reason }
        if reason != .interrupted {
            try task.tokenizer.write(to: directory)
            try AtomicFile.write(
                JSONWriter.write(task.generation, as: .lines) + [UInt8(ascii: "\n")],
                to: directory + "/generation_config.json")
            try task.start.write(try trainer.averagedModel(), to: directory)
        }
        try LearningCurve(log: directory + "/log.jsonl", loss: "loss per token (nats)", training: "training")
            .write(to: directory + "/learning-curve.svg")
        return reason
    }

    /// Settings that decide the course of a training, by name. Where it ends early is no part of it, nor how often it is saved.
    static func identity(of settings: some Encodable & Sendable) -> [String: String] {
        let free: Set = ["maximumMinutes", "patience", "checkpointInterval"].reduce(into: []) {
            $0.insert("training." + $1)
        }
        var identity: [String: String] = [:]
        for (name, value) in SettingValue.all(of: settings) where !free.contains(name) {
            identity["settings." + name] = value.plain
        }
        return identity
    }
}
