import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// SigLIP (Zhai et al. 2023, *Sigmoid Loss for Language Image Pre-Training*): CLIP whose pairs are judged one by one.
public enum SigLIP: ModelFamily {
    public static let modelTypes = ["siglip"]
    public static let architectures = ["SiglipModel"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        guard let text = try fields.part("text_config"), let vision = try fields.part("vision_config") else {
            throw ConfigurationError("text_config", expected: "an object beside vision_config", found: "none")
        }
        let textSizes = try PreNormSizes(tower: text, activation: "gelu_pytorch_tanh", epsilon: 1e-6)
        let imageSizes = try PreNormSizes(tower: vision, activation: "gelu_pytorch_tanh", epsilon: 1e-6)
        guard try vision.flag("vision_use_head", default: true) else {
            throw ConfigurationError("vision_use_head", expected: "true", found: "false")
        }
        let model = ContrastiveModel(
            text: BidirectionalEncoder(
                embeddings: TokenEmbeddings(
                    words: Embedding(try text.size("vocab_size", default: 32_000), textSizes.modelSize, key: .blank),
                    positions: LearnedPositions(
                        try text.size("max_position_embeddings", default: 64), textSizes.modelSize, key: .blank),
                    norm: nil),
                layers: try textSizes.layers(text)),
            textNorm: textSizes.norm(),
            textProjection: Linear(
                textSizes.modelSize, try text.size("projection_size", default: textSizes.modelSize), key: .blank),
            image: VisionTransformer(
                embeddings: try PatchEmbeddings(
                    vision, imageSizes.modelSize, tokens: [], hasPositionsAsMatrix: true),
                layers: try imageSizes.layers(vision), norm: imageSizes.norm()),
            imageHead: .attention(AttentionPooling(try imageSizes.layer(), modelSize: imageSizes.modelSize)),
            scale: Parameter(.zeros([1])), bias: Parameter(.zeros([1])),
            textPlace: .last(padding: try text.integer("pad_token_id", default: 1)))
        return try model.loaded(from: checkpoint, names, backbone: "", unused: ["*position_ids"])
    }

    private static let names: CheckpointMap =
        [
            "text.embeddings.words": "text_model.embeddings.token_embedding",
            "text.embeddings.positions": "text_model.embeddings.position_embedding",
            "text_norm": "text_model.final_layer_norm",
            "text_projection": "text_model.head",
            "image.embeddings.positions": "vision_model.embeddings.position_embedding.weight",
            "image.embeddings.projection": "vision_model.embeddings.patch_embedding",
            "image.norm": "vision_model.post_layernorm",
            "image_head.pooling.query": "vision_model.head.probe",
            "image_head.pooling.attention.query.weight": .rows("vision_model.head.attention.in_proj_weight", 0, of: 3),
            "image_head.pooling.attention.key.weight": .rows("vision_model.head.attention.in_proj_weight", 1, of: 3),
            "image_head.pooling.attention.value.weight": .rows("vision_model.head.attention.in_proj_weight", 2, of: 3),
            "image_head.pooling.attention.query.bias": .rows("vision_model.head.attention.in_proj_bias", 0, of: 3),
            "image_head.pooling.attention.key.bias": .rows("vision_model.head.attention.in_proj_bias", 1, of: 3),
            "image_head.pooling.attention.value.bias": .rows("vision_model.head.attention.in_proj_bias", 2, of: 3),
            "image_head.pooling.attention.output": "vision_model.head.attention.out_proj",
            "image_head.pooling.feed_forward.up": "vision_model.head.mlp.fc1",
            "image_head.pooling.feed_forward.down": "vision_model.head.mlp.fc2",
            "image_head.pooling.feed_forward_norm": "vision_model.head.layernorm",
            "scale": "logit_scale",
            "bias": "logit_bias",
        ] + .towerLayers("text", "text_model") + .towerLayers("image", "vision_model")
}
