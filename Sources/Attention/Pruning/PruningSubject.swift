import AttentionFiles
import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

/// A model to be pruned, and what its parts matter for.
protocol PruningSubject: Sendable {
    /// What parts are taken out of.
    associatedtype Model: Module
    /// The model as it is.
    var model: Model { get }
    /// How many losses there are to ask about a part.
    var exampleCount: Int { get }
    /// Heads that stay whatever they do.
    var protected: [String: Set<Int>] { get }

    /// The loss of an example.
    func loss(_ model: Model, _ example: Int) throws -> LossValue
    /// How good a model is on all examples; nil if there are none.
    func measured(_ model: Model) throws -> ValidationResult?
    /// Throws unless what a plan leaves can be written.
    func check(_ plan: PruningPlan) throws
    /// Writes what a plan leaves.
    func write(_ pruned: Model, _ plan: PruningPlan, to directory: String) throws
}

extension PruningSubject {
    /// The loss of a model on all examples, and how many seconds they took; nil if there are none.
    func timed(_ model: Model) throws -> (loss: Double, seconds: Double)? {
        let start = ContinuousClock.now
        return try measured(model).map { (loss: $0.loss, seconds: (ContinuousClock.now - start) / .seconds(1)) }
    }

    /// How much each part matters, by path: E |∂L/∂m| of the loss of an example by what the part's output is multiplied by (Michel et al. 2019, eq. 2);
    /// without examples the size of what it gives.
    func importance() throws -> [String: [Float]] {
        guard exampleCount > 0 else { return try model.partSizes() }
        var sums: [String: [Float]] = [:]
        for example in 0..<exampleCount {
            let tracked = model.tracked()
            let gradients = try loss(tracked, example).total.gradients()
            for (path, values) in try tracked.partSensitivities(gradients) {
                let known = sums[path] ?? Array(repeating: 0, count: values.count)
                sums[path] = zip(known, values).map { $0 + abs($1) }
            }
        }
        return sums.mapValues { $0.map { $0 / Float(exampleCount) } }
    }
}

/// A translator trained here.
struct PrunedTranslator<Model: SequenceToSequence>: PruningSubject {
    let folder: ModelFolder
    let model: Model
    let pairs: [SequencePair]
    private let data: TranslationData

    init(_ folder: ModelFolder, _ model: Model, _ pairs: [SentencePair]) {
        (self.folder, self.model) = (folder, model)
        data = TranslationData(folder)
        let limit = folder.configuration.architecture.lengthLimit ?? .max
        self.pairs = data.encode(pairs).filter { max($0.source.count, $0.target.count) <= limit }
    }

    var exampleCount: Int { pairs.count }

    /// The head whose attention is shown as the alignment.
    var protected: [String: Set<Int>] {
        guard let alignment = folder.configuration.alignment else { return [:] }
        return [Self.path(ofLayer: alignment.layer): [alignment.head]]
    }

    private static func path(ofLayer layer: Int) -> String { "decoder.\(layer).cross_attention" }

    func loss(_ model: Model, _ example: Int) throws -> LossValue { try loss(model, [pairs[example]]) }

    /// Pairs side by side.
    func batch(_ pairs: [SequencePair]) -> SequencePairBatch { data.batch(pairs) }

    private func loss(_ model: Model, _ pairs: [SequencePair]) throws -> LossValue {
        let batch = batch(pairs)
        return LossValue(total: try model.loss(batch), weight: Double(batch.targetTokenCount))
    }

    func measured(_ model: Model) throws -> ValidationResult? {
        guard !pairs.isEmpty else { return nil }
        var sum = WeightedSum()
        for batch in try TokenBucketing(pairs, tokenLimit: 2048, seed: 0).epoch(0).batches() {
            let value = try loss(model, batch)
            sum = WeightedSum(sum.sum + Double(value.total.scalar), weight: sum.weight + value.weight)
        }
        return ValidationResult(loss: sum.mean)
    }

    func check(_ plan: PruningPlan) throws { _ = try configuration(plan) }

    private func configuration(_ plan: PruningPlan) throws -> ModelConfiguration {
        guard let architecture = folder.configuration.architecture.pruned(plan) else {
            throw PruningError.unfitModel(folder.configuration.name)
        }
        var configuration = folder.configuration
        configuration.architecture = architecture
        if let alignment = configuration.alignment {
            let gone = plan.removedHeads[Self.path(ofLayer: alignment.layer)] ?? []
            configuration.alignment = HeadIndex(
                layer: alignment.layer, head: alignment.head - gone.count { $0 < alignment.head })
        }
        return configuration
    }

    func write(_ pruned: Model, _ plan: PruningPlan, to directory: String) throws {
        try ModelFolder(configuration: try configuration(plan), tokenizer: folder.tokenizer, model: pruned)
            .save(to: directory)
    }
}

extension SequenceToSequence {
    /// This model of a folder, to be pruned for these pairs.
    fileprivate func subject(_ folder: ModelFolder, _ pairs: [SentencePair]) -> any PruningSubject {
        PrunedTranslator(folder, self, pairs)
    }
}

extension ModelFolder {
    /// The model of this folder, to be pruned for these pairs.
    func pruningSubject(_ pairs: [SentencePair]) -> any PruningSubject { model.subject(self, pairs) }
}

/// A text encoder with the head for a task.
struct PrunedEncoder<Task: TunedTask>: PruningSubject {
    let task: Task
    /// Examples that are compared with each other stay together.
    private let batches: [[Task.Example]]

    init(_ task: Task) throws {
        guard task.fresh.isEmpty else {
            throw PretrainedError.wrongTask(
                needed: "a head for these data", found: task.folder.architecture, folder: task.folder.path)
        }
        self.task = task
        let size = task.comparesExamples ? 16 : 1
        batches = stride(from: 0, to: task.train.count, by: size).map { start in
            Array(task.train[start..<min(task.train.count, start + size)])
        }
    }

    var model: Task.Model { task.initial }
    var exampleCount: Int { batches.count }
    var protected: [String: Set<Int>] { [:] }

    func loss(_ model: Task.Model, _ example: Int) throws -> LossValue {
        try task.loss(model, batches[example], training: nil)
    }

    func measured(_ model: Task.Model) throws -> ValidationResult? {
        batches.isEmpty ? nil : try task.validation(of: model)
    }

    func check(_ plan: PruningPlan) throws { _ = try task.folder.members(of: plan) }

    func write(_ pruned: Task.Model, _ plan: PruningPlan, to directory: String) throws {
        try task.write(pruned, nil, changing: try task.folder.members(of: plan), to: directory)
    }
}
