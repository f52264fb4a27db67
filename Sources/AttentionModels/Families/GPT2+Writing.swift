import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// GPT-2 behind an encoder: between the two branches of each layer stands a third, in which it looks at what the encoder made.
extension GPT2: WritingDecoderFamily {
    static func textDecoder(_ fields: ConfigurationFields) throws -> TextDecoder<TransformerDecoderLayer> {
        let (size, heads) = try sizes(fields)
        let vocabularySize = try fields.size("vocab_size", default: 50_257)
        let isTied = try fields.flag("tie_word_embeddings", default: true)
        return TextDecoder(
            embeddings: TokenEmbeddings(
                words: Embedding(vocabularySize, size, key: .blank),
                positions: LearnedPositions(try fields.size("n_positions", default: 1024), size, key: .blank),
                norm: nil, dropout: try fields.probability("embd_pdrop", default: 0.1)),
            layers: try (0..<(try fields.size("n_layer", default: 12))).map {
                try writingLayer($0, fields, size, heads)
            },
            norm: try norm(fields, size),
            output: OutputMap(weight: isTied ? nil : Parameter(.zeros([vocabularySize, size]))))
    }

    private static func writingLayer(
        _ index: Int, _ fields: ConfigurationFields, _ size: Int, _ heads: Int
    ) throws -> TransformerDecoderLayer {
        let mechanism = try mechanism(index, fields, headSize: size / heads)
        var causal = mechanism
        causal.scope = CausalScope.causal
        let residual = try residual(fields, size)
        return TransformerDecoderLayer(
            selfAttention: MultiHeadAttention(size, headCount: heads, mechanism: causal, key: .blank),
            selfAttentionResidual: residual,
            crossAttention: MultiHeadAttention(size, headCount: heads, mechanism: mechanism, key: .blank),
            crossAttentionResidual: residual, feedForward: try feedForward(fields, size), feedForwardResidual: residual)
    }

    static let textDecoderNames: CheckpointMap = [
        "decoder.embeddings.words": ".wte",
        "decoder.embeddings.positions": ".wpe",
        "decoder.layers.*.self_attention.query": .transposedColumns(".h.*.attn.c_attn", 0, of: 3),
        "decoder.layers.*.self_attention.key": .transposedColumns(".h.*.attn.c_attn", 1, of: 3),
        "decoder.layers.*.self_attention.value": .transposedColumns(".h.*.attn.c_attn", 2, of: 3),
        "decoder.layers.*.self_attention.output": .transposed(".h.*.attn.c_proj"),
        "decoder.layers.*.self_attention_norm": ".h.*.ln_1",
        "decoder.layers.*.cross_attention.query": .transposed(".h.*.crossattention.q_attn"),
        "decoder.layers.*.cross_attention.key": .transposedColumns(".h.*.crossattention.c_attn", 0, of: 2),
        "decoder.layers.*.cross_attention.value": .transposedColumns(".h.*.crossattention.c_attn", 1, of: 2),
        "decoder.layers.*.cross_attention.output": .transposed(".h.*.crossattention.c_proj"),
        "decoder.layers.*.cross_attention_norm": ".h.*.ln_cross_attn",
        "decoder.layers.*.feed_forward.up": .transposed(".h.*.mlp.c_fc"),
        "decoder.layers.*.feed_forward.down": .transposed(".h.*.mlp.c_proj"),
        "decoder.layers.*.feed_forward_norm": ".h.*.ln_2",
        "decoder.norm": ".ln_f",
        "decoder.output.weight": "lm_head.weight",
    ]
}
