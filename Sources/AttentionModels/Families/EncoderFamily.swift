import AttentionLayers
import AttentionTensors

/// A family of text encoders: it says how the encoder and its heads are built, and how checkpoints spell them. All that is the same for
/// every such family is done here.
public protocol EncoderFamily: ModelFamily {
    /// What classes are called, without the task: `Bert` for `BertForMaskedLM`.
    static var classNames: [String] { get }
    /// What the backbone's tensors begin with in checkpoints with a head.
    static var backbone: String { get }
    /// How the backbone is spelt, our names beginning with `encoder`, or with `head.pooler`.
    static var names: CheckpointMap { get }
    /// The encoder, without its numbers.
    static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder
    /// The head of a class and how it is spelt, our names beginning with `head`; nil if the family has none for that task.
    static func head(_ task: EncoderTask, _ fields: ConfigurationFields) throws -> (EncoderHead, CheckpointMap)?
    /// Names in checkpoints that are nobody's: buffers, heads left over from pretraining, copies of tied tensors.
    static var unused: [String] { get }
    /// How a configuration says that heads and hidden units are gone; nil where it cannot.
    static var prunedForm: PrunedForm? { get }
}

/// The classes that transformers has for encoders, by what follows the family's name.
public enum EncoderTask: String, Sendable, Hashable, CaseIterable {
    /// The bare backbone.
    case features = "Model"
    /// Masked words.
    case maskedTokens = "ForMaskedLM"
    /// Classes of texts.
    case sequences = "ForSequenceClassification"
    /// Classes of tokens.
    case tokens = "ForTokenClassification"
    /// Answers in a text.
    case spans = "ForQuestionAnswering"
    /// Replaced words and, in BERT's case, masked words and the next sentence, of which the vectors are used.
    case pretraining = "ForPreTraining"
}

extension EncoderTask: CustomStringConvertible {
    /// What it takes, in words.
    public var description: String {
        switch self {
        case .features: "a text encoder"
        case .maskedTokens: "a head for masked words"
        case .sequences: "a head for classes of texts"
        case .tokens: "a head for classes of tokens"
        case .spans: "a head for answers"
        case .pretraining: "heads for pretraining"
        }
    }
}

extension EncoderFamily {
    public static var encoders: (any EncoderFamily.Type)? { self }

    public static var prunedForm: PrunedForm? { nil }

    public static var architectures: [String] {
        classNames.flatMap { name in EncoderTask.allCases.map { name + $0.rawValue } }
    }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let task = EncoderTask.allCases.first { architecture.hasSuffix($0.rawValue) } ?? .features
        return try model(task, fields, checkpoint)
    }

    /// The encoder of a folder with the head for a task.
    /// - Throws: `ConfigurationError` or `SafetensorsError` with what does not fit.
    static func model(
        _ task: EncoderTask, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderModel {
        try model(task, fields, checkpoint, replacing: .none).model
    }

    /// The same, where the checkpoint may lack some parameters.
    /// - Returns: the model, and the names of the parameters that were not read.
    static func model(
        _ task: EncoderTask, _ fields: ConfigurationFields, _ checkpoint: Checkpoint,
        replacing replaceable: ReplaceableParameters
    ) throws -> (model: EncoderModel, fresh: [String]) {
        let encoder = try encoder(fields)
        let (plain, headNames) = try head(task, fields) ?? features(encoder, checkpoint)
        var head = plain
        head.dropout = try fields.headDropout()
        let (model, fresh) = try EncoderModel(encoder: encoder, head: head).loaded(
            from: checkpoint, headNames + names, backbone: backbone, unused: Self.everywhereUnused + unused,
            replacing: replaceable)
        return (model, fresh)
    }

    /// How the encoder and the head for a task are spelt.
    static func names(for task: EncoderTask, _ fields: ConfigurationFields) throws -> CheckpointMap {
        (try head(task, fields)?.1 ?? [:]) + names
    }

    /// The bare backbone, with a pooler if the checkpoint has one.
    private static func features(_ encoder: any TextEncoder, _ checkpoint: Checkpoint) -> (EncoderHead, CheckpointMap) {
        let place = names.place(of: "head.pooler.weight")?.name ?? ""
        let candidates =
            checkpoint.naming == .own ? ["head.pooler.weight"] : [backbone + place, String(place.dropFirst())]
        let hasPooler = !place.isEmpty && candidates.contains(where: checkpoint.contains)
        let size = encoder.modelSize
        return (.features(hasPooler ? Linear(size, size, key: .blank) : nil), [:])
    }

    /// Buffers of old versions, and the heads of other tasks: a backbone may be taken out of any model.
    private static var everywhereUnused: [String] {
        [
            "*position_ids", "*.token_type_ids", "cls.*", "*pooler.*", "lm_head.*", "classifier.*", "qa_outputs.*",
            "pre_classifier.*", "vocab_*", "predictions.*", "sop_classifier.*", "generator_*",
            "discriminator_predictions.*", "lm_predictions.*", "mask_predictions.*",
        ]
    }

    /// The heads that are a single map: classes of tokens, ends of answers.
    static func plainHead(
        _ task: EncoderTask, _ fields: ConfigurationFields, modelSize: Int
    ) throws -> (EncoderHead, CheckpointMap)? {
        switch task {
        case .tokens:
            let labels = try fields.labels()
            let head = TokenHead(output: Linear(modelSize, labels.count, key: .blank), labels: labels)
            return (.tokens(head), ["head.output": "classifier"])
        case .spans:
            let head = TokenHead(output: Linear(modelSize, 2, key: .blank), labels: ["start", "end"])
            return (.spans(head), ["head.output": "qa_outputs"])
        case .features, .maskedTokens, .sequences, .pretraining: return nil
        }
    }
}
