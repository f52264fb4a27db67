public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// The sizes and choices of a `Transformer`, as they stand in `config.json`.
public struct TransformerConfiguration: Sendable, Hashable, Codable {
    /// V, shared by source and target.
    public var vocabularySize = 8000
    /// M, the size of a position's vector.
    public var modelSize = 256
    /// H; divides the model size.
    public var headCount = 4
    /// Layers of the encoder.
    public var encoderLayerCount = 4
    /// Layers of the decoder.
    public var decoderLayerCount = 4
    /// The hidden size of the feed-forward layers.
    public var feedForwardSize = 1024
    /// What stands between the two maps of a feed-forward layer.
    public var activation = Activation.relu
    /// Where the norms stand.
    public var normOrder = NormOrder.pre
    /// The probability of dropping an element of an embedding or a residual branch in training.
    public var dropout: Float = 0.1
    /// The probability of dropping an attention weight in training.
    public var attentionDropout: Float = 0
    /// The probability of dropping a hidden element of a feed-forward layer in training.
    public var activationDropout: Float = 0
    /// The name of the score of every head, as `AttentionParts` lists them.
    public var attention = "scaled_dot"
    /// How scores become shares where positions look at each other: the name of a normalizer.
    public var selfNormalizer = "softmax"
    /// How scores become shares where the target looks at the source, likewise.
    public var crossNormalizer = "softmax"
    /// How positions are told apart: `sinusoidal` or `learned` vectors, `rope`, `alibi` or `t5` in self-attention, or `none`.
    public var positions = "sinusoidal"
    /// The longest sequence that learned positions cover; others have no limit.
    public var maximumLength = 512
    /// The ids with a meaning of their own.
    public var special = SpecialTokens()
    /// The heads that pruning has taken out, by the path of their attention (`encoder.0.self_attention`); nil if none.
    public var prunedHeads: [String: [Int]]?

    /// The sizes of a small model for short sentences.
    public init() {}

    /// D = M / H.
    var headSize: Int { modelSize / headCount }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.require("vocabularySize", vocabularySize, in: 4...4_000_000)
        try ConfigurationError.require("modelSize", modelSize, in: 1...65_536)
        try ConfigurationError.require("headCount", headCount, in: 1...65_536)
        try ConfigurationError.require("encoderLayerCount", encoderLayerCount, in: 1...1_000)
        try ConfigurationError.require("decoderLayerCount", decoderLayerCount, in: 1...1_000)
        try ConfigurationError.require("feedForwardSize", feedForwardSize, in: 1...1_000_000)
        try ConfigurationError.require("dropout", probability: dropout)
        try ConfigurationError.require("attentionDropout", probability: attentionDropout)
        try ConfigurationError.require("activationDropout", probability: activationDropout)
        try ConfigurationError.require("maximumLength", maximumLength, in: 1...1_000_000)
        try ConfigurationError.require("modelSize", modelSize, ofHeads: headCount)
        _ = try TransformerMechanisms(self, key: .blank)
        if prunedHeads != nil, !allowsPruning {
            throw ConfigurationError(
                "prunedHeads", expected: "none where heads have numbers of their own",
                found: "attention \(attention) with positions \(positions)")
        }
    }

    /// Whether heads are alike but for their maps, so that any of them can go: scores and positions know nothing of a head's number.
    public var allowsPruning: Bool {
        attention == "scaled_dot" && ["sinusoidal", "learned", "rope", "none"].contains(positions)
    }

    /// A configuration of this version or an earlier one: what came later has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        vocabularySize = try container.decode(Int.self, forKey: .vocabularySize)
        modelSize = try container.decode(Int.self, forKey: .modelSize)
        headCount = try container.decode(Int.self, forKey: .headCount)
        encoderLayerCount = try container.decode(Int.self, forKey: .encoderLayerCount)
        decoderLayerCount = try container.decode(Int.self, forKey: .decoderLayerCount)
        feedForwardSize = try container.decode(Int.self, forKey: .feedForwardSize)
        activation = try container.decode(Activation.self, forKey: .activation)
        normOrder = try container.decode(NormOrder.self, forKey: .normOrder)
        dropout = try container.decode(Float.self, forKey: .dropout)
        attentionDropout = try container.decode(Float.self, forKey: .attentionDropout)
        activationDropout = try container.decode(Float.self, forKey: .activationDropout)
        attention = try container.decodeIfPresent(String.self, forKey: .attention) ?? attention
        selfNormalizer = try container.decodeIfPresent(String.self, forKey: .selfNormalizer) ?? selfNormalizer
        crossNormalizer =
            try container.decodeIfPresent(String.self, forKey: .crossNormalizer) ?? crossNormalizer
        positions = try container.decode(String.self, forKey: .positions)
        maximumLength = try container.decode(Int.self, forKey: .maximumLength)
        special = try container.decode(SpecialTokens.self, forKey: .special)
        prunedHeads = try container.decodeIfPresent([String: [Int]].self, forKey: .prunedHeads)
    }
}
