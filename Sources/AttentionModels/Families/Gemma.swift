import AttentionFiles
import AttentionMechanisms
import AttentionTensors

/// Gemma 2 (Gemma Team 2024): norms around each branch, soft caps, every other layer looking back through a window.
public enum Gemma2: CausalFamily {
    public static let modelTypes = ["gemma2"]
    public static let architectures = ["Gemma2Model", "Gemma2ForCausalLM"]
    /// Norms lie as they are, 1 included.
    public static let gguf: GGUFForm? = GGUFForm("gemma2", CheckpointMap.plainGGUF) { metadata in
        try metadata.number("attn_logit_softcapping", as: "attn_logit_softcapping")
            + metadata.number("final_logit_softcapping", as: "final_logit_softcapping") + metadata.gemma(large: 46)
    }
    public static let isTied = true

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(gemma: fields)
        sizes.scoreCap = try cap("attn_logit_softcapping", fields, default: 50)
        let window = try fields.size("sliding_window", default: 4096)
        let kinds = try fields.strings("layer_types")
        for layer in sizes.reaches.indices {
            let isLocal = kinds.indices.contains(layer) ? kinds[layer] == "sliding_attention" : layer % 2 == 0
            if isLocal { sizes.reaches[layer].window = window }
        }
        return try sizes.decoder()
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .gemma }

    public static func logitCap(_ fields: ConfigurationFields) throws -> Float? {
        try cap("final_logit_softcapping", fields, default: 30)
    }
}

/// The text part of Gemma 3 (Gemma Team 2025): Gemma 2 without caps, its queries and keys normalised, and one layer in six looking
/// everywhere, with rotary embeddings of its own.
public enum Gemma3: CausalFamily {
    public static let modelTypes = ["gemma3_text"]
    public static let architectures = ["Gemma3TextModel", "Gemma3ForCausalLM"]
    public static let gguf: GGUFForm? = GGUFForm("gemma3", CheckpointMap.plainGGUF) { try $0.gemma(large: 62) }
    public static let isTied = true

    public static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder {
        var sizes = try LlamaDecoder(gemma: fields)
        sizes.queryKeyNorm = .head
        sizes.scoreCap = try cap("attn_logit_softcapping", fields)
        let window = try fields.size("sliding_window", default: 4096)
        let kinds = try fields.strings("layer_types")
        let pattern = try fields.size(fields.present("sliding_window_pattern", "_sliding_window_pattern"), default: 6)
        let (near, far) = try rotations(fields, headSize: sizes.headSize)
        for layer in sizes.reaches.indices {
            let isLocal =
                kinds.indices.contains(layer) ? kinds[layer] == "sliding_attention" : (layer + 1) % pattern != 0
            sizes.reaches[layer] = .init(rotation: isLocal ? near : far, window: isLocal ? window : nil)
        }
        return try sizes.decoder()
    }

    /// Those of layers with a window, which no configuration scales in its old form, and those of the others.
    private static func rotations(
        _ fields: ConfigurationFields, headSize: Int
    ) throws -> (near: any Modifier, far: any Modifier) {
        let far = try fields.rotation(headSize: headSize, base: 1_000_000, kind: "full_attention")
        guard fields.has("rope_parameters") else {
            let base = try fields.number("rope_local_base_freq", default: 10_000)
            return (try RotaryModifier.rope(rotarySize: headSize, base: base), far)
        }
        return (try fields.rotation(headSize: headSize, kind: "sliding_attention"), far)
    }

    public static func names(_ fields: ConfigurationFields) -> CheckpointMap { .gemma }

    public static func logitCap(_ fields: ConfigurationFields) throws -> Float? {
        try cap("final_logit_softcapping", fields)
    }
}

/// A bound; nil where the configuration says null, or says nothing and there is no default.
private func cap(
    _ name: String, _ fields: ConfigurationFields, default fallback: Double? = nil
) throws -> Float? {
    guard fields.has(name) || (fallback != nil && !fields.mentions(name)) else { return nil }
    return Float(try fields.number(name, default: fallback))
}

extension LlamaDecoder {
    /// What both have in common.
    fileprivate init(gemma fields: ConfigurationFields) throws {
        try self.init(fields, headSize: 256)
        activation = try fields.activation("hidden_activation", default: "gelu_pytorch_tanh")
        normPlaces = .around
        let hasBias = try fields.flag("attention_bias", default: false)
        (queryBias, outputBias) = (hasBias, hasBias)
        scoreScale = 1 / Float(try fields.number("query_pre_attn_scalar", default: 256)).squareRoot()
        wordScale = Float(modelSize).squareRoot()
    }
}

extension GGUFMetadata {
    /// The window, and what scores are divided by: the head size, but in the largest model, known by its number of layers, the model's size
    /// for each head.
    fileprivate func gemma(large layerCount: Int) throws -> [JSONMember] {
        let headSize = try file.integer(key("attention.key_length")) ?? 256
        let share = try required("embedding_length") / max(1, required("attention.head_count"))
        let scalar = try required("block_count") == layerCount ? share : headSize
        return try integer("attention.sliding_window", as: "sliding_window")
            + [JSONMember("query_pre_attn_scalar", .number(JSONNumber(scalar)))]
    }
}

extension CheckpointMap {
    /// Llama's names, where norms are stored less 1 and each branch has two.
    fileprivate static let gemma: CheckpointMap =
        [
            "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_query": .plusOne(
                ".layers.*.self_attn.q_norm.weight"),
            "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_key": .plusOne(
                ".layers.*.self_attn.k_norm.weight"),
            "decoder.layers.*.self_attention_norm.branch": .plusOne(".layers.*.post_attention_layernorm"),
            "decoder.layers.*.self_attention_norm": .plusOne(".layers.*.input_layernorm"),
            "decoder.layers.*.feed_forward_norm.branch": .plusOne(".layers.*.post_feedforward_layernorm"),
            "decoder.layers.*.feed_forward_norm": .plusOne(".layers.*.pre_feedforward_layernorm"),
            "decoder.norm": .plusOne(".norm"),
        ] + .llama
}
