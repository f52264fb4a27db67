import AttentionFiles

/// Llama 2 and 3 (Touvron et al. 2023; Grattafiori et al. 2024), and what has its form: SmolLM, TinyLlama.
public enum Llama: CausalFamily {
    public static let modelTypes = ["llama"]
    public static let architectures = ["LlamaModel", "LlamaForCausalLM"]
    public static let gguf: GGUFForm? = GGUFForm("llama", CheckpointMap.ggufLlama) { metadata in
        let hasBias = metadata.file.contains("blk.0.attn_q.bias")
        return [JSONMember("attention_bias", .bool(hasBias))]
    }

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields)
        let hasBias = try fields.flag("attention_bias", default: false)
        (sizes.queryBias, sizes.outputBias) = (hasBias, hasBias)
        sizes.feedForwardBias = try fields.flag("mlp_bias", default: false)
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .llama }
}
