import AttentionFiles
import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// MPT (MosaicML 2023): GPT-2 without biases, and without vectors for positions: what is further away counts less (ALiBi).
///
/// *Source:* Press, Smith & Lewis 2022, *Train Short, Test Long*; the parts as transformers has them.
public enum MPT: CausalFamily {
    public static let modelTypes = ["mpt"]
    public static let architectures = ["MptModel", "MptForCausalLM"]
    public static let backbone = "transformer"
    public static let isTied = true
    public static let turnsPositions = false

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        let (size, heads) = (try fields.size("d_model", default: 2048), try fields.size("n_heads", default: 16))
        try ConfigurationError.require("d_model", size, ofHeads: heads)
        let attention = try fields.part("attn_config") ?? ConfigurationFields(.object([]))
        try check(attention, headCount: heads)
        let norm = LayerNorm(
            size, hasBias: false, epsilon: Float(try fields.number("layer_norm_epsilon", default: 1e-5)))
        let residual = Residual(norm: norm, order: .pre, dropout: try fields.probability("resid_pdrop"))
        let map = Linear(size, size, hasBias: false, key: .blank)
        let ratio = try fields.integer("expansion_ratio", default: 4)
        try ConfigurationError.require("expansion_ratio", ratio, in: 1...(1 << 24) / size)
        let hiddenSize = size * ratio
        let scale = try attention.has("softmax_scale") ? Float(attention.number("softmax_scale")) : nil
        let layer = CausalLayer(
            selfAttention: try MultiHeadAttention(
                query: map, key: map, value: map, output: map,
                mechanism: AttentionMechanism(
                    score: .scaledDot(scale: scale ?? 1 / Float(size / heads).squareRoot()),
                    modifiers: [AlibiModifier.alibi(symmetric: false)],
                    dropout: try attention.probability("attn_pdrop")),
                headCount: heads, keyHeadCount: heads),
            selfAttentionResidual: residual,
            feedForward: FeedForward(
                up: Linear(size, hiddenSize, hasBias: false, key: .blank),
                down: Linear(hiddenSize, size, hasBias: false, key: .blank), activation: .gelu),
            feedForwardResidual: residual)
        return CausalDecoder(
            words: Embedding(try fields.size("vocab_size", default: 50_368), size, key: .blank),
            layers: [CausalLayer](repeating: layer, count: try fields.size("n_layers", default: 24)), norm: norm,
            lengthLimit: try fields.size("max_seq_len", default: 2048), dropout: try fields.probability("emb_pdrop"))
    }

    /// Refuses what no published model of this family has in transformers, or what is defined otherwise there.
    private static func check(_ attention: ConfigurationFields, headCount: Int) throws {
        guard headCount & (headCount - 1) == 0 else {
            throw ConfigurationError("n_heads", expected: "a power of two with ALiBi", found: "\(headCount)")
        }
        for (name, expected) in [("alibi", true), ("qk_ln", false), ("prefix_lm", false)] {
            let found = try attention.flag(name, default: expected)
            guard found == expected else {
                throw ConfigurationError("attn_config.\(name)", expected: "\(expected)", found: "\(found)")
            }
        }
        guard !attention.has("clip_qkv") else {
            throw ConfigurationError("attn_config.clip_qkv", expected: "no bound", found: "one")
        }
        let steepest = try attention.integer("alibi_bias_max", default: 8)
        guard steepest == 8 else {
            throw ConfigurationError("attn_config.alibi_bias_max", expected: "8", found: "\(steepest)")
        }
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap {
        [
            "decoder.words": ".wte",
            "decoder.layers.*.self_attention.query": .rows(".blocks.*.attn.Wqkv", 0, of: 3),
            "decoder.layers.*.self_attention.key": .rows(".blocks.*.attn.Wqkv", 1, of: 3),
            "decoder.layers.*.self_attention.value": .rows(".blocks.*.attn.Wqkv", 2, of: 3),
            "decoder.layers.*.self_attention.output": ".blocks.*.attn.out_proj",
            "decoder.layers.*.self_attention_norm": ".blocks.*.norm_1",
            "decoder.layers.*.feed_forward.up": ".blocks.*.ffn.up_proj",
            "decoder.layers.*.feed_forward.down": ".blocks.*.ffn.down_proj",
            "decoder.layers.*.feed_forward_norm": ".blocks.*.norm_2",
            "decoder.norm": ".norm_f",
        ]
    }
}
