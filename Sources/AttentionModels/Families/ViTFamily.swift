import AttentionLayers
import AttentionTensors

/// A family of vision transformers that is the first one (Dosovitskiy et al. 2021) with other heads.
protocol ViTFamily: VisionFamily {
    /// What the vectors before the patches are called.
    static var tokenNames: [String] { get }
}

extension ViTFamily {
    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder {
        let size = try fields.size("hidden_size")
        let sizes = PreNormSizes(
            modelSize: size, headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"), activation: try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-12)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: true))
        return VisionTransformer(
            embeddings: try PatchEmbeddings(
                fields, size, tokens: tokenNames.map { _ in [1, 1, size] }, dropout: sizes.dropout),
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
            norm: sizes.norm())
    }

    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)? {
        guard checkpoint.wasPublished(with: "pooler.dense.weight") else { return nil }
        return (.transformedFirst(Linear(size, size, key: .blank)), ["head.pooler": "pooler.dense"])
    }

    static func names(_ fields: ConfigurationFields) -> CheckpointMap {
        let tokens = tokenNames.enumerated().map { index, name in
            ("encoder.embeddings.tokens.\(index)", CheckpointMap.Place(stringLiteral: ".embeddings.\(name)"))
        }
        return CheckpointMap(tokens) + [
            "encoder.embeddings.projection": ".embeddings.patch_embeddings.projection",
            "encoder.embeddings.positions": ".embeddings.position_embeddings",
            "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.attention.query",
            "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.attention.key",
            "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.attention.value",
            "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
            "encoder.layers.*.self_attention_norm": ".encoder.layer.*.layernorm_before",
            "encoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
            "encoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
            "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.layernorm_after",
            "encoder.norm": ".layernorm",
        ]
    }
}
