import AttentionLayers
import AttentionTensors

/// TrOCR's decoder (Li et al. 2021, *TrOCR: Transformer-based Optical Character Recognition*): BART's, or with computed positions that of
/// UniLM.
enum TrOCR: WritingDecoderFamily {
    static let modelTypes = ["trocr"]
    static let backbone = "model"

    static func textDecoder(_ fields: ConfigurationFields) throws -> TextDecoder<TransformerDecoderLayer> {
        let places: BartSizes.Places =
            try fields.flag("use_learned_position_embeddings", default: true)
            ? .learned(unused: 2) : .computedSkippingPadding(.closedHalves)
        let sizes = try BartSizes(
            fields, order: .post, hasEmbeddingNorm: try fields.flag("layernorm_embedding", default: true),
            places: places)
        return sizes.textDecoder(sourceSize: try fields.sourceSize(sizes.modelSize))
    }

    static var textDecoderNames: CheckpointMap {
        ["decoder.output.weight": "output_projection.weight"] + .bart
    }
}
