public import AttentionLayers
import AttentionTensors

/// A family of models that read one text and write another: it says how both sides are built, and how checkpoints spell them. All that is
/// the same for every such family is done here.
public protocol EncoderDecoderFamily: ModelFamily {
    /// What classes are called, without the task: `Bart` for `BartForConditionalGeneration`.
    static var className: String { get }
    /// What stands behind it where the class writes.
    static var writing: String { get }
    /// What the backbone's tensors begin with.
    static var backbone: String { get }
    /// How the model is spelt, our names beginning with `encoder` or `decoder`.
    static var names: CheckpointMap { get }
    /// Where parameters lie that only some models of the family have.
    static func extraNames(_ fields: ConfigurationFields) throws -> CheckpointMap
    /// Names in checkpoints that are nobody's: buffers, and copies of tied tensors.
    static var unused: [String] { get }
    /// The model, without its numbers.
    static func encoderDecoder(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer>
}

extension EncoderDecoderFamily {
    public static var encoderDecoders: (any EncoderDecoderFamily.Type)? { self }
    public static var writing: String { "ForConditionalGeneration" }
    public static var architectures: [String] { [className + "Model", className + writing] }
    public static func extraNames(_ fields: ConfigurationFields) throws -> CheckpointMap { [:] }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        if architecture.hasSuffix(writing) { return try writer(fields, checkpoint) }
        return try loaded(HeadedEncoderDecoder(try encoderDecoder(fields, checkpoint), .features), fields, checkpoint)
    }

    /// The model of a folder that writes.
    /// - Throws: `ConfigurationError` or `SafetensorsError` with what does not fit.
    static func writer(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer> {
        try loaded(try encoderDecoder(fields, checkpoint), fields, checkpoint)
    }

    /// Where all parameters lie in folders.
    static func allNames(_ fields: ConfigurationFields) throws -> CheckpointMap { try extraNames(fields) + names }

    /// The model with its numbers.
    /// - Throws: `SafetensorsError` with all that does not fit.
    static func loaded<Model: Module>(
        _ model: Model, _ fields: ConfigurationFields, _ checkpoint: Checkpoint, _ headNames: CheckpointMap = [:]
    ) throws -> Model {
        try model.loaded(
            from: checkpoint, headNames + allNames(fields), backbone: backbone,
            unused: ["lm_head.weight", "*embed_tokens.weight", "*embed_positions.weight", "final_logits_bias"] + unused)
    }
}
