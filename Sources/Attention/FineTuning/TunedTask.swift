import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
import AttentionTraining

extension FineTuningData {
    /// The task of learning from these data, beginning with the model of a folder.
    func task(of model: String, _ settings: FineTuningSettings, key: RandomKey) throws -> any TunedTask {
        switch self {
        case .classes(let train, let valid):
            try ClassTask(try PretrainedFolder(path: model), train: train, valid: valid, settings, key: key)
        case .answers(let train, let valid):
            try AnswerTask(try PretrainedFolder(path: model), train: train, valid: valid, settings, key: key)
        case .tags(let train, let valid):
            try TagTask(try PretrainedFolder(path: model), train: train, valid: valid, settings, key: key)
        case .pairs(let train, let valid):
            try PairTask(model, train: train, valid: valid, settings, key: key)
        }
    }
}

/// What a model is fine-tuned for: what it learns from, what it loses on a batch, how good it is, and how it is kept.
protocol TunedTask: Sendable {
    /// What is trained.
    associatedtype Model: Module
    /// What it is trained on.
    associatedtype Example: TrainingExample
    /// The model before the first update.
    var initial: Model { get }
    /// Which of its parameters the folder it is made of does not have.
    var fresh: [String] { get }
    /// The folder of the encoder.
    var folder: PretrainedFolder { get }
    /// What it learns from.
    var train: [Example] { get }
    /// How many examples have text that is longer than the model reads.
    var cutCount: Int { get }
    /// What its classes are called; none if there are no classes.
    var labels: [String] { get }
    /// The metric that tells which model is better.
    var metric: String { get }
    /// Whether the loss of an example depends on the others of its batch.
    var comparesExamples: Bool { get }

    /// The loss of a batch.
    /// - Parameter key: the source of dropout; nil when not training.
    func loss(_ model: Model, _ batch: [Example], training key: RandomKey?) throws -> LossValue
    /// How good a model is on the examples to choose the best one by.
    func validation(of model: Model) throws -> ValidationResult
    /// A model with the shortest texts among them to be examined on.
    func patient(of model: Model) -> any AttentionPatient
    /// Writes the model, or its adapters, as a folder whose `config.json` has these members besides its own.
    func write(_ model: Model, _ adapters: AdapterPlan?, changing members: [JSONMember], to directory: String) throws
}

/// A text in pieces, alone or with its pair, and what is to be learnt about it. As small as can be, since there are many.
struct TunedText<Target: Sendable>: TrainingExample {
    private let storedIDs: [Int32]
    private let storedTypes: [UInt8]
    /// What is to be learnt.
    let target: Target

    init(_ encoding: Encoding, _ target: Target) {
        storedIDs = encoding.ids.map(Int32.init)
        storedTypes = encoding.typeIDs.map { UInt8(clamping: $0) }
        self.target = target
    }

    var ids: [Int] { storedIDs.map(Int.init) }
    var types: [Int] { storedTypes.map(Int.init) }
    var length: ExampleLength { ExampleLength(storedIDs.count) }
}

extension TunedTask {
    var comparesExamples: Bool { false }

    /// Writes the model, or its adapters, as a folder.
    func write(_ model: Model, _ adapters: AdapterPlan?, to directory: String) throws {
        try write(model, adapters, changing: [], to: directory)
    }
}

extension PretrainedFolder {
    /// Where learning from `count` examples starts; without examples, the folder's own head is what is looked at.
    /// - Throws: `PretrainedError.wrongTask` if there are no examples and the folder was made for another task.
    func start(
        for task: EncoderTask, labels: [String], learningFrom count: Int, _ settings: FineTuningSettings, key: RandomKey
    ) throws -> TuningStart {
        let start = try tuningStart(for: task, labels: labels, isDropping: settings.dropout, key: key)
        guard count > 0 || start.fresh.isEmpty else {
            throw PretrainedError.wrongTask(needed: task.description, found: architecture, folder: path)
        }
        return start
    }
}

extension TextModel {
    /// An encoder of this kind with the shortest of some texts, in pieces and their types.
    func patient(_ encoder: any TextEncoder, reading texts: [(ids: [Int], types: [Int])]) -> any AttentionPatient {
        let texts = texts.shortest { $0.ids.count }
        func patient(_ encoder: some TextEncoder) -> any AttentionPatient {
            EncoderPatient(encoder: encoder, texts: texts.map(\.ids), types: texts.map(\.types), padding: paddingID)
        }
        return patient(encoder)
    }

    /// The rows of these texts, filled up to the longest.
    func batch<Target>(_ texts: [TunedText<Target>]) throws(ShapeError) -> TokenBatch {
        try TokenBatch(texts.map(\.ids), types: texts.map(\.types), padding: paddingID)
    }

    /// The texts in batches of similar length, so that little is spent on padding.
    func batches<Target>(_ texts: [TunedText<Target>]) -> [[TunedText<Target>]] {
        TextGroups.similar(texts.map(\.length.longest)).map { rows in rows.map { texts[$0] } }
    }
}

extension TunedTask where Model == EncoderModel {
    /// Writes a model of `folder` with what lies beside it.
    func write(
        _ model: EncoderModel, _ adapters: AdapterPlan?, of folder: PretrainedFolder, as task: EncoderTask,
        changing members: [JSONMember], to directory: String
    ) throws {
        try TokenizerFiles.copy(from: folder.path, to: directory)
        if let adapters {
            try folder.writeAdapters(of: model, adapters, as: task, to: directory)
        } else {
            try folder.write(model, as: task, changing: members, to: directory)
        }
    }
}
