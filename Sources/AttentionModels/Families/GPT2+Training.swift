import AttentionFiles
import AttentionLayers
import AttentionTensors

extension GPT2 {
    /// How a GPT-2 that is yet to be trained tells positions apart.
    public enum Positions: String, Codable, Sendable, Hashable, CaseIterable {
        /// A learned vector for each: GPT-2 as it is.
        case learned
        /// Sinusoids, which stay as they are: the folder is a GPT-2 whose table of positions holds them.
        case sinusoidal
        /// Queries and keys are turned: the folder is a GPT-NeoX.
        case rope
        /// What is further away counts less: the folder is an MPT, which has no biases.
        case alibi
    }

    /// The sizes of a GPT-2 that is yet to be trained.
    public struct Sizes: Codable, Sendable, Hashable {
        /// L.
        public var layerCount = 6
        /// H.
        public var headCount = 4
        /// M, the size of the vector of a token; a multiple of the heads.
        public var modelSize = 256
        /// The probability of dropping a number in training: of embeddings, branches and attention.
        public var dropout: Float = 0.1
        /// How positions are told apart.
        public var positions = Positions.learned

        /// A model of five million parameters, beside those of its vocabulary.
        public init() {}

        /// Throws what is wrong with these sizes, if anything is.
        public func validate() throws(ConfigurationError) {
            try ConfigurationError.require("model.layerCount", layerCount, in: 1...1024)
            try ConfigurationError.require("model.headCount", headCount, in: 1...1024)
            try ConfigurationError.require("model.modelSize", modelSize, in: 1...1 << 16)
            try ConfigurationError.require("model.dropout", probability: dropout)
            try ConfigurationError.require("model.modelSize", modelSize, ofHeads: headCount)
            if positions == .rope, modelSize / headCount % 2 != 0 {
                throw ConfigurationError(
                    "model.modelSize", expected: "one of heads of an even size with rope",
                    found: "heads of \(modelSize / headCount)")
            }
            if positions == .alibi, headCount & (headCount - 1) != 0 {
                throw ConfigurationError(
                    "model.headCount", expected: "a power of two with alibi", found: "\(headCount)")
            }
        }
    }

    /// The `config.json` of such a model.
    static func configuration(_ sizes: Sizes, vocabularySize: Int, contextLength: Int, endToken: Int) -> JSONValue {
        let dropout = JSONValue.number(JSONNumber(sizes.dropout))
        let kind =
            sizes.positions == .learned ? [] : [JSONMember(positionKind, .string(sizes.positions.rawValue))]
        let members: [JSONMember] = [
            JSONMember("architectures", .array(["GPT2LMHeadModel"])), JSONMember("model_type", "gpt2"),
            JSONMember("vocab_size", .number(JSONNumber(vocabularySize))),
            JSONMember("n_positions", .number(JSONNumber(contextLength))),
            JSONMember("n_embd", .number(JSONNumber(sizes.modelSize))),
            JSONMember("n_layer", .number(JSONNumber(sizes.layerCount))),
            JSONMember("n_head", .number(JSONNumber(sizes.headCount))), JSONMember("n_inner", .null),
            JSONMember("activation_function", "gelu_new"), JSONMember("layer_norm_epsilon", .number(JSONNumber(1e-5))),
            JSONMember("initializer_range", .number(JSONNumber(0.02))), JSONMember("embd_pdrop", dropout),
            JSONMember("resid_pdrop", dropout), JSONMember("attn_pdrop", dropout),
            JSONMember("tie_word_embeddings", true), JSONMember("use_cache", true),
            JSONMember("bos_token_id", .number(JSONNumber(endToken))),
            JSONMember("eos_token_id", .number(JSONNumber(endToken))), JSONMember("torch_dtype", "float32"),
        ]
        return .object(members + kind)
    }

    /// What the parameter of this name is before training.
    static func initialNumbers(_ name: String, layerCount: Int, deviation: Float = 0.02) -> InitialNumbers {
        if name.hasSuffix(".bias") { return .zeros }
        if name.hasSuffix("norm.weight") { return .ones }
        let endsBranch = name.hasSuffix(".output.weight") || name.hasSuffix(".down.weight")
        return .normal(endsBranch ? deviation / Float(2 * layerCount).squareRoot() : deviation)
    }
}

extension LearnedPositions {
    /// A table of sinusoids that no training changes, as large as words are drawn: times 0.02 · √2, since the mean of their squares is ½.
    static func sinusoids(count: Int, size: Int) throws(ShapeError) -> LearnedPositions {
        var positions = LearnedPositions(1, size, key: .blank)
        let table = try SinusoidalPositions().table(count: count, size: size) * (0.02 * Float(2).squareRoot())
        positions.weight = Parameter(table, role: .frozen)
        return positions
    }
}
