import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// GPT-NeoX (Black et al. 2022) and Pythia (Biderman et al. 2023): a part of each head is turned, and both branches of a layer read the same.
public enum GPTNeoX: CausalFamily {
    public static let modelTypes = ["gpt_neox"]
    public static let architectures = ["GPTNeoXModel", "GPTNeoXForCausalLM"]
    public static let backbone = "gpt_neox"
    public static let headName = "embed_out"
    /// The causal masks of old versions.
    public static let unused = ["*.attention.bias", "*.attention.masked_bias"]

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        let (size, heads) = try sizes(fields)
        let layer = try layer(fields, size, heads)
        return CausalDecoder(
            words: Embedding(try fields.size("vocab_size"), size, key: .blank),
            layers: [CausalLayer](repeating: layer, count: try fields.size("num_hidden_layers")),
            norm: try norm(fields, size), lengthLimit: try fields.size("max_position_embeddings", default: 2048),
            lengthDependence: try fields.lengthDependence(), dropout: try fields.probability("hidden_dropout"))
    }

    private static func sizes(_ fields: ConfigurationFields) throws -> (model: Int, heads: Int) {
        let (size, heads) = (try fields.size("hidden_size"), try fields.size("num_attention_heads"))
        try ConfigurationError.require("hidden_size", size, ofHeads: heads)
        return (size, heads)
    }

    private static func norm(_ fields: ConfigurationFields, _ size: Int) throws -> LayerNorm {
        LayerNorm(size, epsilon: Float(try fields.number("layer_norm_eps", default: 1e-5)))
    }

    private static func layer(_ fields: ConfigurationFields, _ size: Int, _ heads: Int) throws -> CausalLayer {
        let hasBias = try fields.flag("attention_bias", default: true)
        let map = Linear(size, size, hasBias: hasBias, key: .blank)
        let rotation = try fields.rotation(
            headSize: size / heads, base: try fields.number("rotary_emb_base", default: 10_000),
            share: try fields.number("rotary_pct", default: 0.25))
        let residual = Residual(
            norm: try norm(fields, size), order: .pre, dropout: try fields.probability("hidden_dropout"))
        let isParallel = try fields.flag("use_parallel_residual", default: true)
        return CausalLayer(
            selfAttention: try MultiHeadAttention(
                query: map, key: map, value: map, output: map,
                mechanism: AttentionMechanism(
                    modifiers: [rotation], dropout: try fields.probability("attention_dropout")),
                headCount: heads, keyHeadCount: heads),
            selfAttentionResidual: residual,
            feedForward: FeedForward(
                size, try fields.size("intermediate_size"), activation: try fields.activation("hidden_act"),
                key: .blank),
            feedForwardResidual: residual, arrangement: isParallel ? .sideBySide : .inTurn)
    }

    public static func names(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let heads = try sizes(fields).heads
        let joined = ".layers.*.attention.query_key_value"
        return [
            "decoder.words": ".embed_in",
            "decoder.layers.*.self_attention.query": .groupedRows(joined, 0, of: 3, groups: heads),
            "decoder.layers.*.self_attention.key": .groupedRows(joined, 1, of: 3, groups: heads),
            "decoder.layers.*.self_attention.value": .groupedRows(joined, 2, of: 3, groups: heads),
            "decoder.layers.*.self_attention.output": ".layers.*.attention.dense",
            "decoder.layers.*.self_attention_norm": ".layers.*.input_layernorm",
            "decoder.layers.*.feed_forward.up": ".layers.*.mlp.dense_h_to_4h",
            "decoder.layers.*.feed_forward.down": ".layers.*.mlp.dense_4h_to_h",
            "decoder.layers.*.feed_forward_norm": ".layers.*.post_attention_layernorm",
            "decoder.norm": ".final_layer_norm",
        ]
    }
}
