import AttentionTensors

/// ALBERT (Lan et al. 2020): narrow embeddings, and layers that are passed many times.
public enum Albert: PostNormFamily {
    public static let modelTypes = ["albert"]
    public static let classNames = ["Albert"]
    public static let backbone = "albert"

    public static let names: CheckpointMap = [
        "encoder.embeddings.words": ".embeddings.word_embeddings",
        "encoder.embeddings.positions": ".embeddings.position_embeddings",
        "encoder.embeddings.types": ".embeddings.token_type_embeddings",
        "encoder.embeddings.norm": ".embeddings.LayerNorm",
        "encoder.embeddings.projection": ".encoder.embedding_hidden_mapping_in",
        "encoder.layers.*.self_attention.query": ".encoder.albert_layer_groups.*.albert_layers.0.attention.query",
        "encoder.layers.*.self_attention.key": ".encoder.albert_layer_groups.*.albert_layers.0.attention.key",
        "encoder.layers.*.self_attention.value": ".encoder.albert_layer_groups.*.albert_layers.0.attention.value",
        "encoder.layers.*.self_attention.output": ".encoder.albert_layer_groups.*.albert_layers.0.attention.dense",
        "encoder.layers.*.self_attention_norm": ".encoder.albert_layer_groups.*.albert_layers.0.attention.LayerNorm",
        "encoder.layers.*.feed_forward.up": ".encoder.albert_layer_groups.*.albert_layers.0.ffn",
        "encoder.layers.*.feed_forward.down": ".encoder.albert_layer_groups.*.albert_layers.0.ffn_output",
        "encoder.layers.*.feed_forward_norm": ".encoder.albert_layer_groups.*.albert_layers.0.full_layer_layer_norm",
        "head.pooler": ".pooler",
    ]

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        var sizes = try PostNormEncoder(fields)
        sizes.embeddingSize = try fields.size("embedding_size", default: 128)
        let inner = try fields.integer("inner_group_num", default: 1)
        guard inner == 1 else {
            throw ConfigurationError("inner_group_num", expected: "1, as all published models have", found: "\(inner)")
        }
        let groups = try fields.size("num_hidden_groups", default: 1)
        guard groups <= sizes.layerCount else {
            throw ConfigurationError(
                "num_hidden_groups", expected: "at most \(sizes.layerCount) layers", found: "\(groups)")
        }
        sizes.passes = (0..<sizes.layerCount).map { $0 * groups / sizes.layerCount }
        sizes.layerCount = groups
        return sizes
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (
            nil,
            [
                "head.hidden": "predictions.dense",
                "head.norm": "predictions.LayerNorm",
                "head.output": "predictions.decoder.weight",
                "head.bias": "predictions.bias",
            ]
        )
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.tanh, ["head.hidden": ".pooler", "head.output": "classifier"])
    }
}
