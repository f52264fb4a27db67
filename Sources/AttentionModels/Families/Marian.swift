public import AttentionLayers

/// Marian models as transformers has them: OPUS-MT (Tiedemann & Thottingal 2020), one folder for each pair of languages.
public enum Marian: BartFamily {
    public static let modelTypes = ["marian"]
    public static let className = "Marian"
    public static let writing = "MTModel"

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> BartSizes {
        try BartSizes(fields, order: .post, hasEmbeddingNorm: false, places: .computed(.halves))
    }

    public static func encoderDecoder(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer> {
        let isShared = try fields.flag("share_encoder_decoder_embeddings", default: true)
        guard isShared else {
            throw ConfigurationError(
                "share_encoder_decoder_embeddings", expected: "true, one vocabulary for both languages", found: "false")
        }
        return try sizes(fields).model(
            encoder: BartSizes.Side("encoder", fields),
            hasLogitsBias: checkpoint.wasPublished(with: "final_logits_bias"))
    }
}
