import AttentionLayers
import AttentionTensors

/// A family whose model is BART's with other choices.
protocol BartFamily: EncoderDecoderFamily, WritingDecoderFamily {
    /// The sizes and choices.
    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes
}

extension BartFamily {
    public static var backbone: String { "model" }
    public static var names: CheckpointMap { .bart }
    public static var unused: [String] { [] }

    static var textDecoderNames: CheckpointMap { names }

    static func textDecoder(_ fields: ConfigurationFields) throws -> TextDecoder<TransformerDecoderLayer> {
        try sizes(fields).textDecoder()
    }

    public static func encoderDecoder(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer> {
        try sizes(fields).model(
            encoder: BartSizes.Side("encoder", fields),
            hasLogitsBias: checkpoint.wasPublished(with: "final_logits_bias"))
    }
}
