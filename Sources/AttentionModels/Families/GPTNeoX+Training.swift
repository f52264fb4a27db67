import AttentionFiles

extension GPTNeoX {
    /// The `config.json` of a model of GPT-2's sizes that is yet to be trained: whole heads are turned, and branches follow one another, so that it is
    /// GPT-2 but for its positions.
    static func configuration(
        _ sizes: GPT2.Sizes, vocabularySize: Int, contextLength: Int, endToken: Int
    ) -> JSONValue {
        let (dropout, end) = (JSONValue.number(JSONNumber(sizes.dropout)), JSONValue.number(JSONNumber(endToken)))
        let rotation: [JSONMember] = [
            JSONMember("rope_type", "default"), JSONMember("rope_theta", .number(JSONNumber(10_000.0))),
            JSONMember("partial_rotary_factor", .number(JSONNumber(1.0))),
        ]
        return .object([
            JSONMember("architectures", .array(["GPTNeoXForCausalLM"])), JSONMember("model_type", "gpt_neox"),
            JSONMember("vocab_size", .number(JSONNumber(vocabularySize))),
            JSONMember("max_position_embeddings", .number(JSONNumber(contextLength))),
            JSONMember("hidden_size", .number(JSONNumber(sizes.modelSize))),
            JSONMember("num_hidden_layers", .number(JSONNumber(sizes.layerCount))),
            JSONMember("num_attention_heads", .number(JSONNumber(sizes.headCount))),
            JSONMember("intermediate_size", .number(JSONNumber(4 * sizes.modelSize))),
            JSONMember("hidden_act", "gelu_new"), JSONMember("layer_norm_eps", .number(JSONNumber(1e-5))),
            JSONMember("rope_parameters", .object(rotation)), JSONMember("use_parallel_residual", false),
            JSONMember("hidden_dropout", dropout), JSONMember("attention_dropout", dropout),
            JSONMember("initializer_range", .number(JSONNumber(0.02))), JSONMember("tie_word_embeddings", true),
            JSONMember("use_cache", true), JSONMember("bos_token_id", end), JSONMember("eos_token_id", end),
            JSONMember("torch_dtype", "float32"),
        ])
    }
}
