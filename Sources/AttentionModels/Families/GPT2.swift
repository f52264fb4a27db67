import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// GPT-2 (Radford et al. 2019): learned positions, norms before the branches, matrices stored the other way round.
public enum GPT2: CausalFamily {
    public static let modelTypes = ["gpt2"]
    public static let architectures = ["GPT2Model", "GPT2LMHeadModel"]
    public static let backbone = "transformer"
    public static let isTied = true
    public static let turnsPositions = false
    /// The causal masks of old versions.
    public static let unused = ["*.attn.bias", "*.attn.masked_bias"]

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        let (size, heads) = try sizes(fields)
        let length = try fields.size("n_positions", default: 1024)
        return CausalDecoder(
            words: Embedding(try fields.size("vocab_size", default: 50_257), size, key: .blank),
            positions: try positions(fields, length, size),
            layers: try (0..<(try fields.size("n_layer", default: 12))).map { try layer($0, fields, size, heads) },
            norm: try norm(fields, size), lengthLimit: length,
            dropout: try fields.probability("embd_pdrop", default: 0.1))
    }

    /// A vector for each position. The sinusoids of models that were made with them here stay as they are.
    private static func positions(_ fields: ConfigurationFields, _ length: Int, _ size: Int) throws -> LearnedPositions
    {
        let kind = try fields.string(positionKind, default: Positions.learned.rawValue)
        return try kind == Positions.sinusoidal.rawValue
            ? .sinusoids(count: length, size: size) : LearnedPositions(length, size, key: .blank)
    }

    /// Where a configuration says that positions are sinusoids; transformers does not look at it.
    static let positionKind = "position_kind"

    /// The size of vectors, and the number of heads.
    static func sizes(_ fields: ConfigurationFields) throws -> (model: Int, headCount: Int) {
        let size = try fields.size("n_embd", default: 768)
        let heads = try fields.size("n_head", default: 12)
        try ConfigurationError.require("n_embd", size, ofHeads: heads)
        return (size, heads)
    }

    static func norm(_ fields: ConfigurationFields, _ size: Int) throws -> LayerNorm {
        LayerNorm(size, epsilon: Float(try fields.number("layer_norm_epsilon", default: 1e-5)))
    }

    private static func layer(
        _ index: Int, _ fields: ConfigurationFields, _ size: Int, _ heads: Int
    ) throws -> CausalLayer {
        let residual = try residual(fields, size)
        return CausalLayer(
            selfAttention: MultiHeadAttention(
                size, headCount: heads, mechanism: try mechanism(index, fields, headSize: size / heads), key: .blank),
            selfAttentionResidual: residual, feedForward: try feedForward(fields, size), feedForwardResidual: residual)
    }

    static func residual(_ fields: ConfigurationFields, _ size: Int) throws -> Residual {
        Residual(
            norm: try norm(fields, size), order: .pre, dropout: try fields.probability("resid_pdrop", default: 0.1))
    }

    static func feedForward(_ fields: ConfigurationFields, _ size: Int) throws -> FeedForward {
        FeedForward(
            size, try fields.size("n_inner", default: 4 * size),
            activation: try fields.activation("activation_function", default: "gelu_new"), key: .blank)
    }

    static func mechanism(
        _ index: Int, _ fields: ConfigurationFields, headSize: Int
    ) throws -> AttentionMechanism {
        var scale: Float = try fields.flag("scale_attn_weights", default: true) ? 1 / Float(headSize).squareRoot() : 1
        if try fields.flag("scale_attn_by_inverse_layer_idx", default: false) { scale /= Float(index + 1) }
        return AttentionMechanism(
            score: .scaledDot(scale: scale), dropout: try fields.probability("attn_pdrop", default: 0.1))
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap {
        [
            "decoder.words": ".wte",
            "decoder.positions": ".wpe",
            "decoder.layers.*.self_attention.query": .transposedColumns(".h.*.attn.c_attn", 0, of: 3),
            "decoder.layers.*.self_attention.key": .transposedColumns(".h.*.attn.c_attn", 1, of: 3),
            "decoder.layers.*.self_attention.value": .transposedColumns(".h.*.attn.c_attn", 2, of: 3),
            "decoder.layers.*.self_attention.output": .transposed(".h.*.attn.c_proj"),
            "decoder.layers.*.self_attention_norm": ".h.*.ln_1",
            "decoder.layers.*.feed_forward.up": .transposed(".h.*.mlp.c_fc"),
            "decoder.layers.*.feed_forward.down": .transposed(".h.*.mlp.c_proj"),
            "decoder.layers.*.feed_forward_norm": ".h.*.ln_2",
            "decoder.norm": ".ln_f",
        ]
    }
}
