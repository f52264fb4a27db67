import AttentionFiles
import AttentionTensors

extension GGUFMetadata {
    /// The configuration of a model of this family, as the reference would write it.
    /// - Throws: `GGUFError` if the metadata lack something, or have something else there.
    func configuration(_ family: any ModelFamily.Type, _ form: GGUFForm) throws -> JSONValue {
        let words = try file.entry("token_embd.weight")
        guard words.sizes.count == 2 else {
            throw file.error("token_embd.weight", expected: "a matrix", found: "\(words.sizes)")
        }
        var members = [
            JSONMember("model_type", .string(family.modelTypes[0])),
            JSONMember("architectures", .array([.string(family.architectures[1])])),
            JSONMember("vocab_size", .number(JSONNumber(words.sizes[0]))),
            JSONMember("tie_word_embeddings", .bool(!file.contains("output.weight"))),
        ]
        for (name, field) in Self.sizes {
            members.append(JSONMember(field, .number(JSONNumber(try required(name)))))
        }
        members += try integer("attention.head_count_kv", as: "num_key_value_heads")
        members += try integer("attention.key_length", as: "head_dim")
        members += try number("attention.layer_norm_rms_epsilon", as: "rms_norm_eps")
        members += try number("rope.freq_base", as: "rope_theta")
        members += try rotation()
        members += try specialTokens()
        return .object(members + (try form.members(self)))
    }

    private static let sizes = [
        ("embedding_length", "hidden_size"), ("block_count", "num_hidden_layers"),
        ("feed_forward_length", "intermediate_size"), ("attention.head_count", "num_attention_heads"),
        ("context_length", "max_position_embeddings"),
    ]

    private var headSize: Int {
        get throws(GGUFError) {
            if let size = try file.integer(key("attention.key_length")) { return size }
            return try required("embedding_length") / max(1, try required("attention.head_count"))
        }
    }

    /// What is turned, and how its frequencies are scaled.
    private func rotation() throws -> [JSONMember] {
        var members: [JSONMember] = []
        if let count = try file.integer(key("rope.dimension_count")) {
            let size = try headSize
            guard (1...max(1, size)).contains(count) else {
                throw file.error(
                    key("rope.dimension_count"), expected: "at most the head size, \(size)", found: "\(count)")
            }
            let share = Double(count) / Double(size)
            if share != 1 { members.append(JSONMember("partial_rotary_factor", .number(JSONNumber(share)))) }
        }
        if let scaling = try scaling() { members.append(JSONMember("rope_scaling", .object(scaling))) }
        return members
    }

    private func scaling() throws -> [JSONMember]? {
        let length = try file.integer(key("rope.scaling.original_context_length")) ?? required("context_length")
        let original = JSONMember("original_max_position_embeddings", .number(JSONNumber(length)))
        // Llama 3 divides its frequencies by factors that lie beside the weights; LongRoPE by two lists of them.
        if file.contains("rope_freqs.weight") {
            let factors = try factors("rope_freqs.weight")
            return [
                JSONMember("rope_type", "longrope"), original, JSONMember("attention_factor", 1),
                JSONMember("short_factor", factors), JSONMember("long_factor", factors),
            ]
        }
        if file.contains("rope_factors_long.weight") {
            return [
                JSONMember("rope_type", "longrope"), original,
                JSONMember("short_factor", try factors("rope_factors_short.weight")),
                JSONMember("long_factor", try factors("rope_factors_long.weight")),
            ] + (try number("rope.scaling.attn_factor", as: "attention_factor"))
        }
        guard let type = try file.string(key("rope.scaling.type")), type != "none" else { return nil }
        guard ["linear", "yarn"].contains(type) else {
            throw file.error(key("rope.scaling.type"), expected: "none, linear or yarn", found: type)
        }
        return [JSONMember("rope_type", .string(type)), original] + (try number("rope.scaling.factor", as: "factor"))
    }

    private func factors(_ name: String) throws -> JSONValue {
        .array(try file.parameter(named: name).tensor.values.map { .number(JSONNumber(Double($0))) })
    }

    /// The token that texts begin with, and those that end them.
    private func specialTokens() throws(GGUFError) -> [JSONMember] {
        func ids(_ names: [String]) throws(GGUFError) -> [JSONValue] {
            var ids: [Int] = []
            for name in names {
                if let id = try file.integer("tokenizer.ggml." + name), !ids.contains(id) { ids.append(id) }
            }
            return ids.map { .number(JSONNumber($0)) }
        }
        let (begin, end) = (try ids(["bos_token_id"]), try ids(["eos_token_id", "eot_token_id", "eom_token_id"]))
        return (begin.first.map { [JSONMember("bos_token_id", $0)] } ?? [])
            + (end.isEmpty ? [] : [JSONMember("eos_token_id", .array(end))])
    }
}
