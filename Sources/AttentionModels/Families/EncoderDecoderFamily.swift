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
    /// Names in checkpoints that are nobody's: buffers, and copies of tied tensors.
    static var unused: [String] { get }
    /// The model, without its numbers.
    static func encoderDecoder(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer>
}

extension EncoderDecoderFamily {
    public static var writing: String { "ForConditionalGeneration" }
    public static var architectures: [String] { [className + "Model", className + writing] }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let model = try encoderDecoder(fields, checkpoint)
        return architecture.hasSuffix(writing)
            ? try loaded(model, checkpoint) : try loaded(HeadedEncoderDecoder(model, .features), checkpoint)
    }

    /// The model with its numbers.
    /// - Throws: `SafetensorsError` with all that does not fit.
    static func loaded<Model: Module>(
        _ model: Model, _ checkpoint: Checkpoint, _ headNames: CheckpointMap = [:]
    ) throws(SafetensorsError) -> Model {
        try model.loaded(
            from: checkpoint, headNames + names, backbone: backbone,
            unused: ["lm_head.weight", "*embed_tokens.weight", "*embed_positions.weight", "final_logits_bias"] + unused)
    }
}
