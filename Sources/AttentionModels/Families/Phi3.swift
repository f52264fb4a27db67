/// Phi-3 (Abdin et al. 2024): Llama whose projections lie in one tensor each, with LongRoPE and a window where the configuration says so.
public enum Phi3: CausalFamily {
    public static let modelTypes = ["phi3"]
    public static let architectures = ["Phi3Model", "Phi3ForCausalLM"]
    public static let gguf: GGUFForm? = GGUFForm("phi3", CheckpointMap.ggufPhi3) { metadata in
        try metadata.integer("attention.sliding_window", as: "sliding_window")
    }

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields)
        sizes.look(back: try fields.has("sliding_window") ? fields.size("sliding_window") : nil)
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let sizes = try LlamaDecoder(fields)
        let (querySize, keySize) = (sizes.headCount * sizes.headSize, sizes.keyHeadCount * sizes.headSize)
        let (joined, gated) = (".layers.*.self_attn.qkv_proj", ".layers.*.mlp.gate_up_proj")
        let names: CheckpointMap = [
            "decoder.layers.*.self_attention.query": .rows(joined, 0..<querySize),
            "decoder.layers.*.self_attention.key": .rows(joined, querySize..<querySize + keySize),
            "decoder.layers.*.self_attention.value": .rows(joined, querySize + keySize..<querySize + 2 * keySize),
            "decoder.layers.*.feed_forward.gate": .rows(gated, 0, of: 2),
            "decoder.layers.*.feed_forward.up": .rows(gated, 1, of: 2),
        ]
        return names + .llama
    }
}
