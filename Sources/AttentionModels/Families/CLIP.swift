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
        let (textSizes, imageSizes) = (try sizes(text), try sizes(vision))
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
                layers: try layers(text, textSizes, scope: .causal)),
            textNorm: textSizes.norm(),
            textProjection: Linear(textSizes.modelSize, size, hasBias: false, key: .blank),
            image: VisionTransformer(
                embeddings: try PatchEmbeddings(
                    vision, imageSizes.modelSize, tokens: [[imageSizes.modelSize]], hasBias: false,
                    hasPositionsAsMatrix: true, norm: imageSizes.norm()),
                layers: try layers(vision, imageSizes, scope: .global), norm: nil),
            imageNorm: imageSizes.norm(),
            imageProjection: Linear(imageSizes.modelSize, size, hasBias: false, key: .blank),
            scale: Parameter(.zeros([])), endToken: end == 2 ? nil : end)
        return try model.loaded(from: checkpoint, names, backbone: "", unused: ["*position_ids"])
    }

    private static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PreNormSizes {
        PreNormSizes(
            modelSize: try fields.size("hidden_size"), headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"),
            activation: try fields.activation("hidden_act", default: "quick_gelu"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-5)),
            attentionDropout: try fields.probability("attention_dropout"))
    }

    private static func layers(
        _ fields: ConfigurationFields, _ sizes: PreNormSizes, scope: some Scope
    ) throws -> [TransformerEncoderLayer] {
        try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer(scope: scope) }
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
            "image_norm": "vision_model.post_layernorm",
            "image_projection": "visual_projection",
            "scale": "logit_scale",
        ] + layerNames("text", "text_model") + layerNames("image", "vision_model")

    private static func layerNames(_ ours: String, _ theirs: String) -> CheckpointMap {
        let (ours, theirs) = ("\(ours).layers.*.", "\(theirs).encoder.layers.*.")
        let names = [
            ("self_attention.query", "self_attn.q_proj"), ("self_attention.key", "self_attn.k_proj"),
            ("self_attention.value", "self_attn.v_proj"), ("self_attention.output", "self_attn.out_proj"),
            ("self_attention_norm", "layer_norm1"), ("feed_forward.up", "mlp.fc1"), ("feed_forward.down", "mlp.fc2"),
            ("feed_forward_norm", "layer_norm2"),
        ]
        return CheckpointMap(names.map { (ours + $0.0, CheckpointMap.Place(stringLiteral: theirs + $0.1)) })
    }
}
