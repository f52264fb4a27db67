import AttentionFiles

extension T5 {
    /// The sizes of a T5 that is yet to be trained.
    public struct Sizes: Codable, Sendable, Hashable {
        /// The layers of the encoder.
        public var encoderLayerCount = 4
        /// The layers of the decoder.
        public var decoderLayerCount = 4
        /// H.
        public var headCount = 4
        /// D, the size of a head.
        public var headSize = 64
        /// M, the size of the vector of a token.
        public var modelSize = 256
        /// The size of the hidden layer between two of them.
        public var feedForwardSize = 1024
        /// The probability of dropping a number in training.
        public var dropout: Float = 0.1

        /// A model of seven million parameters, beside those of its vocabulary.
        public init() {}

        /// Throws what is wrong with these sizes, if anything is.
        public func validate() throws(ConfigurationError) {
            for (name, value) in [
                ("encoderLayerCount", encoderLayerCount), ("decoderLayerCount", decoderLayerCount),
                ("headCount", headCount), ("headSize", headSize),
            ] {
                try ConfigurationError.require("model." + name, value, in: 1...1024)
            }
            for (name, value) in [("modelSize", modelSize), ("feedForwardSize", feedForwardSize)] {
                try ConfigurationError.require("model." + name, value, in: 1...1 << 16)
            }
            try ConfigurationError.require("model.dropout", probability: dropout)
        }
    }

    /// The `config.json` of such a model.
    static func configuration(
        _ sizes: Sizes, vocabularySize: Int, special: SpecialTokens, prefix: String, textLength: Int
    ) -> JSONValue {
        func count(_ name: String, _ value: Int) -> JSONMember { JSONMember(name, .number(JSONNumber(value))) }
        return .object([
            JSONMember("architectures", .array(["T5ForConditionalGeneration"])), JSONMember("model_type", "t5"),
            count("vocab_size", vocabularySize), count("d_model", sizes.modelSize), count("d_kv", sizes.headSize),
            count("d_ff", sizes.feedForwardSize), count("num_layers", sizes.encoderLayerCount),
            count("num_decoder_layers", sizes.decoderLayerCount), count("num_heads", sizes.headCount),
            count("relative_attention_num_buckets", 32), count("relative_attention_max_distance", 128),
            JSONMember("dropout_rate", .number(JSONNumber(sizes.dropout))),
            JSONMember("layer_norm_epsilon", .number(JSONNumber(1e-6))),
            JSONMember("feed_forward_proj", "relu"),
            JSONMember("is_encoder_decoder", true), JSONMember("tie_word_embeddings", true),
            JSONMember("use_cache", true), count("pad_token_id", special.padding), count("eos_token_id", special.end),
            count("decoder_start_token_id", special.start), JSONMember("scale_decoder_outputs", true),
            count("n_positions", textLength),
            JSONMember(
                "task_specific_params",
                .object([JSONMember("summarization", .object([JSONMember("prefix", .string(prefix))]))])),
            JSONMember("torch_dtype", "float32"),
        ])
    }

    /// What the parameter of this name is before training.
    static func initialNumbers(_ name: String, _ sizes: Sizes) -> InitialNumbers {
        func shrinking(_ size: Int) -> InitialNumbers { .normal(1 / Float(size).squareRoot()) }
        let parts = name.split(separator: ".").suffix(2)
        return switch parts.first {
        case "words": .normal(1)
        case "query": shrinking(sizes.modelSize * sizes.headSize)
        case "output" where name.contains("attention"): shrinking(sizes.headCount * sizes.headSize)
        case "down": shrinking(sizes.feedForwardSize)
        case let part? where part.hasSuffix("norm"): .ones
        default: shrinking(sizes.modelSize)
        }
    }
}
