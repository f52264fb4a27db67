import AttentionMechanisms
import AttentionTensors

/// MPNet (Song et al. 2020): RoBERTa's positions, and a bias by distance that all layers share. all-mpnet-base-v2 is one.
public enum MPNet: PostNormFamily {
    public static let modelTypes = ["mpnet"]
    public static let classNames = ["MPNet"]
    public static let backbone = "mpnet"

    public static let names: CheckpointMap = [
        "encoder.embeddings.words": ".embeddings.word_embeddings",
        "encoder.embeddings.positions": ".embeddings.position_embeddings",
        "encoder.embeddings.norm": ".embeddings.LayerNorm",
        "encoder.distance_bias.relative_bias": ".encoder.relative_attention_bias.weight",
        "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.attn.q",
        "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.attn.k",
        "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.attn.v",
        "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.attn.o",
        "encoder.layers.*.self_attention_norm": ".encoder.layer.*.attention.LayerNorm",
        "encoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
        "encoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
        "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.output.LayerNorm",
        "head.pooler": ".pooler.dense",
    ]

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        var sizes = try PostNormEncoder(fields)
        sizes.typeCount = 0
        // The reference counts from 2 on, whatever the configuration says of padding.
        sizes.counting = .skipping(padding: 1)
        return sizes
    }

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder {
        let sizes = try sizes(fields)
        // 32 buckets up to distance 128, whatever the configuration says, as the reference has it.
        return try sizes.encoder(
            distanceBias: .t5Bias(
                headCount: sizes.headCount, bidirectional: true, buckets: 32, maximumDistance: 128))
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (.gelu, .robertaWords)
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.tanh, .robertaClasses)
    }
}
