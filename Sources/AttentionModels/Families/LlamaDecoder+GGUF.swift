/// How llama.cpp spells Llama and its relatives.
extension CheckpointMap {
    /// The names that all relatives share.
    static let gguf: CheckpointMap = [
        "head": "output",
        "decoder.words": "token_embd",
        "decoder.layers.*.self_attention.query": "blk.*.attn_q",
        "decoder.layers.*.self_attention.key": "blk.*.attn_k",
        "decoder.layers.*.self_attention.value": "blk.*.attn_v",
        "decoder.layers.*.self_attention.output": "blk.*.attn_output",
        "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_query": "blk.*.attn_q_norm.weight",
        "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_key": "blk.*.attn_k_norm.weight",
        "decoder.layers.*.self_attention_norm.branch": "blk.*.post_attention_norm",
        "decoder.layers.*.self_attention_norm": "blk.*.attn_norm",
        "decoder.layers.*.feed_forward.gate": "blk.*.ffn_gate",
        "decoder.layers.*.feed_forward.up": "blk.*.ffn_up",
        "decoder.layers.*.feed_forward.down": "blk.*.ffn_down",
        "decoder.layers.*.feed_forward_norm.branch": "blk.*.post_ffw_norm",
        "decoder.layers.*.feed_forward_norm": "blk.*.ffn_norm",
        "decoder.norm": "output_norm",
    ]

    /// The names that all relatives share, whatever the configuration says.
    static func plainGGUF(_ fields: ConfigurationFields) -> CheckpointMap { .gguf }

    /// Llama's own, whose queries and keys llama.cpp turns in pairs of neighbours.
    static func ggufLlama(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let headSize = try LlamaDecoder(fields).headSize
        let paired: CheckpointMap = [
            "decoder.layers.*.self_attention.query": .pairedRows("blk.*.attn_q", headSize: headSize),
            "decoder.layers.*.self_attention.key": .pairedRows("blk.*.attn_k", headSize: headSize),
        ]
        return paired + .gguf
    }

    /// Phi-3's, whose projections lie in one tensor each.
    static func ggufPhi3(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let sizes = try LlamaDecoder(fields)
        let (querySize, keySize) = (sizes.headCount * sizes.headSize, sizes.keyHeadCount * sizes.headSize)
        let names: CheckpointMap = [
            "decoder.layers.*.self_attention.query": .rows("blk.*.attn_qkv", 0..<querySize),
            "decoder.layers.*.self_attention.key": .rows("blk.*.attn_qkv", querySize..<querySize + keySize),
            "decoder.layers.*.self_attention.value": .rows(
                "blk.*.attn_qkv", querySize + keySize..<querySize + 2 * keySize),
            "decoder.layers.*.feed_forward.gate": .rows("blk.*.ffn_up", 0, of: 2),
            "decoder.layers.*.feed_forward.up": .rows("blk.*.ffn_up", 1, of: 2),
        ]
        return names + .gguf
    }
}
