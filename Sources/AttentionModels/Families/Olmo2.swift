import AttentionMechanisms

/// OLMo 2 (OLMo Team 2025): Llama with the norms behind its branches, and queries and keys normalised over all heads together.
public enum Olmo2: CausalFamily {
    public static let modelTypes = ["olmo2"]
    public static let architectures = ["Olmo2Model", "Olmo2ForCausalLM"]

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(fields)
        sizes.epsilon = Float(try fields.number("rms_norm_eps", default: 1e-5))
        let hasBias = try fields.flag("attention_bias", default: false)
        (sizes.queryBias, sizes.outputBias) = (hasBias, hasBias)
        sizes.normPlaces = .behind
        sizes.queryKeyNorm = .allHeads
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap {
        let norms: CheckpointMap = [
            "decoder.layers.*.self_attention_norm.branch": ".layers.*.post_attention_layernorm",
            "decoder.layers.*.feed_forward_norm.branch": ".layers.*.post_feedforward_layernorm",
        ]
        return norms + .llama
    }
}
