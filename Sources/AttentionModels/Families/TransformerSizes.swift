import AttentionFiles

/// The sizes of a Transformer, among those of a network that is yet to be trained.
protocol TransformerSizes {
    /// L.
    var layerCount: Int { get }
    /// H.
    var headCount: Int { get }
    /// M, a multiple of the heads.
    var modelSize: Int { get }
    /// The size of the hidden layer of each feed-forward part.
    var feedForwardSize: Int { get }
}

extension TransformerSizes {
    /// Throws which of these sizes, or of others that must be from 1 to so many, is not as it should be.
    func validate(and others: [(name: String, value: Int, most: Int)]) throws(ConfigurationError) {
        let sizes: [(name: String, value: Int, most: Int)] = [
            ("layerCount", layerCount, 64), ("headCount", headCount, 64), ("modelSize", modelSize, 4096),
            ("feedForwardSize", feedForwardSize, 1 << 14),
        ]
        for (name, value, most) in sizes + others {
            try ConfigurationError.require("model." + name, value, in: 1...most)
        }
    }

    /// How configurations of encoders after BERT say them.
    func transformerMembers(
        dropout: Float, attentionDropout: Float, epsilon: Double, hasBiases: Bool
    ) -> [JSONMember] {
        [
            JSONMember("hidden_size", count: modelSize), JSONMember("num_hidden_layers", count: layerCount),
            JSONMember("num_attention_heads", count: headCount),
            JSONMember("intermediate_size", count: feedForwardSize), JSONMember("hidden_act", "gelu"),
            JSONMember("hidden_dropout_prob", .number(JSONNumber(dropout))),
            JSONMember("attention_probs_dropout_prob", .number(JSONNumber(attentionDropout))),
            JSONMember("layer_norm_eps", .number(JSONNumber(epsilon))), JSONMember("qkv_bias", .bool(hasBiases)),
        ]
    }
}
