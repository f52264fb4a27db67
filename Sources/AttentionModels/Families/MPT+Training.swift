import AttentionFiles

extension MPT {
    /// The `config.json` of a model of GPT-2's sizes that is yet to be trained. What attention drops is not said: transformers takes whole numbers there.
    static func configuration(
        _ sizes: GPT2.Sizes, vocabularySize: Int, contextLength: Int, endToken: Int
    ) -> JSONValue {
        let (dropout, end) = (JSONValue.number(JSONNumber(sizes.dropout)), JSONValue.number(JSONNumber(endToken)))
        return .object([
            JSONMember("architectures", .array(["MptForCausalLM"])), JSONMember("model_type", "mpt"),
            JSONMember("vocab_size", .number(JSONNumber(vocabularySize))),
            JSONMember("max_seq_len", .number(JSONNumber(contextLength))),
            JSONMember("d_model", .number(JSONNumber(sizes.modelSize))),
            JSONMember("n_layers", .number(JSONNumber(sizes.layerCount))),
            JSONMember("n_heads", .number(JSONNumber(sizes.headCount))), JSONMember("expansion_ratio", 4),
            JSONMember("layer_norm_epsilon", .number(JSONNumber(1e-5))),
            JSONMember("attn_config", .object([JSONMember("alibi", true), JSONMember("alibi_bias_max", 8)])),
            JSONMember("no_bias", true), JSONMember("emb_pdrop", dropout), JSONMember("resid_pdrop", dropout),
            JSONMember("initializer_range", .number(JSONNumber(0.02))), JSONMember("tie_word_embeddings", true),
            JSONMember("use_cache", true), JSONMember("bos_token_id", end), JSONMember("eos_token_id", end),
            JSONMember("torch_dtype", "float32"),
        ])
    }
}
