import AttentionLayers
import AttentionTensors

/// BART (Lewis et al. 2020): trained to mend texts; summaries and classes of texts.
public enum Bart: BartFamily {
    public static let modelTypes = ["bart"]
    public static let className = "Bart"
    private static let classification = "BartForSequenceClassification"

    public static var architectures: [String] { [className + "Model", className + writing, classification] }

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes {
        // The first two positions are for nothing: an accident of fairseq's that the checkpoints have kept.
        try BartSizes(fields, order: .post, hasEmbeddingNorm: true, places: .learned(unused: 2))
    }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        guard architecture != className + writing else { return try writer(fields, checkpoint) }
        let model = try encoderDecoder(fields, checkpoint)
        guard architecture == classification else {
            return try loaded(HeadedEncoderDecoder(model, .features), fields, checkpoint)
        }
        let size = try fields.size("d_model")
        let head = SequenceHead(size, activation: .tanh, labels: try fields.labels())
        let end = try fields.integer("eos_token_id", default: 2)
        let start = try fields.integer("decoder_start_token_id", default: end)
        return try loaded(
            HeadedEncoderDecoder(model, .sequences(head, start: start, end: end)), fields, checkpoint,
            ["head.hidden": "classification_head.dense", "head.output": "classification_head.out_proj"])
    }
}
