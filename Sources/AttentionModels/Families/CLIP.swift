import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// CLIP (Radford et al. 2021): texts and pictures in one space.
public enum CLIP: ModelFamily {
    public static let modelTypes = ["clip"]
    public static let architectures = ["CLIPModel"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        guard let text = try fields.part("text_config"), let vision = try fields.part("vision_config") else {
            throw ConfigurationError("text_config", expected: "an object beside vision_config", found: "none")
        }
        let (textSizes, imageSizes) = (try PreNormSizes(tower: text), try PreNormSizes(tower: vision))
        let size = try fields.size("projection_dim", default: 512)
        // Old configurations say 2, whatever the id is.
        let end = try text.integer("eos_token_id", default: 2)
        let model = ContrastiveModel(
            text: BidirectionalEncoder(
                embeddings: TokenEmbeddings(
                    words: Embedding(try text.size("vocab_size"), textSizes.modelSize, key: .blank),
                    positions: LearnedPositions(
                        try text.size("max_position_embeddings", default: 77), textSizes.modelSize, key: .blank),
                    norm: nil),
                layers: try textSizes.layers(text, scope: .causal)),
            textNorm: textSizes.norm(),
            textProjection: Linear(textSizes.modelSize, size, hasBias: false, key: .blank),
            image: VisionTransformer(
                embeddings: try PatchEmbeddings(
                    vision, imageSizes.modelSize, tokens: [[imageSizes.modelSize]], hasBias: false,
                    hasPositionsAsMatrix: true, norm: imageSizes.norm()),
                layers: try imageSizes.layers(vision), norm: nil),
            imageHead: .projectedFirst(
                norm: imageSizes.norm(),
                projection: Linear(imageSizes.modelSize, size, hasBias: false, key: .blank)),
            scale: Parameter(.zeros([])), bias: nil, textPlace: end == 2 ? .largest : .first(of: end))
        return try model.loaded(from: checkpoint, names, backbone: "", unused: ["*position_ids"])
    }

    private static let names: CheckpointMap =
        [
            "text.embeddings.words": "text_model.embeddings.token_embedding",
            "text.embeddings.positions": "text_model.embeddings.position_embedding",
            "text_norm": "text_model.final_layer_norm",
            "text_projection": "text_projection",
            "image.embeddings.tokens.0": "vision_model.embeddings.class_embedding",
            "image.embeddings.positions": "vision_model.embeddings.position_embedding.weight",
            "image.embeddings.projection": "vision_model.embeddings.patch_embedding",
            // The spelling is the reference's.
            "image.embeddings.norm": "vision_model.pre_layrnorm",
            "image_head.norm": "vision_model.post_layernorm",
            "image_head.projection": "visual_projection",
            "scale": "logit_scale",
        ] + .towerLayers("text", "text_model") + .towerLayers("image", "vision_model")
}
