import AttentionMechanisms

/// Qwen 2 and 2.5 (Yang et al. 2024): Llama with biases of queries, keys and values; some layers may look back through a window.
public enum Qwen2: CausalFamily {
    public static let modelTypes = ["qwen2"]
    public static let architectures = ["Qwen2Model", "Qwen2ForCausalLM"]
    public static let gguf: GGUFForm? = GGUFForm("qwen2", CheckpointMap.plainGGUF)

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields)
        sizes.queryBias = true
        try sizes.lookBackAsQwen(fields)
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .llama }
}

/// Qwen 3 (Yang et al. 2025): Qwen 2 without biases, its queries and keys normalised.
public enum Qwen3: CausalFamily {
    public static let modelTypes = ["qwen3"]
    public static let architectures = ["Qwen3Model", "Qwen3ForCausalLM"]
    public static let gguf: GGUFForm? = GGUFForm("qwen3", CheckpointMap.plainGGUF)

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields, headSize: 128)
        let hasBias = try fields.flag("attention_bias", default: false)
        (sizes.queryBias, sizes.outputBias) = (hasBias, hasBias)
        sizes.queryKeyNorm = .head
        try sizes.lookBackAsQwen(fields)
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .llama }
}

extension LlamaDecoder {
    /// Windows, if they are used at all, in the layers that are said to have them, or in those from `max_window_layers` on.
    fileprivate mutating func lookBackAsQwen(_ fields: ConfigurationFields) throws {
        guard try fields.flag("use_sliding_window", default: false), fields.has("sliding_window") else { return }
        let window = try fields.size("sliding_window")
        let kinds = try fields.strings("layer_types")
        let first = try fields.integer("max_window_layers", default: 28)
        for layer in reaches.indices {
            let isLocal = kinds.indices.contains(layer) ? kinds[layer] == "sliding_attention" : layer >= first
            if isLocal { reaches[layer].window = window }
        }
    }
}
