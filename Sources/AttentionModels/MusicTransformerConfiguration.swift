/// The sizes and choices of a `MusicTransformer`, as they stand in `config.json`.
public struct MusicTransformerConfiguration: Sendable, Hashable, Codable {
    /// How positions are told apart.
    public enum Positions: String, Sendable, Hashable, Codable, CaseIterable {
        /// Learned vectors for distances, in every layer (Shaw et al. 2018; Huang et al. 2019, sec. 3.4).
        case relative
        /// A learned vector for each place, added to the embeddings.
        case absolute
        /// Not at all, but that nobody looks ahead.
        case none
    }

    /// V.
    public var vocabularySize = 189
    /// M, the size of a position's vector.
    public var modelSize = 128
    /// H; divides the model size.
    public var headCount = 4
    /// L.
    public var layerCount = 3
    /// The hidden size of the feed-forward layers.
    public var feedForwardSize = 512
    /// The probability of dropping a number in training: of embeddings, branches and attention.
    public var dropout: Float = 0.1
    /// How positions are told apart.
    public var positions = Positions.relative
    /// The distance beyond which relative positions are one and the same.
    public var farthestDistance = 128
    /// The longest sequence that absolute positions cover; the others have no limit.
    public var maximumLength = 256

    /// The sizes of a small model of chorales.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.require("vocabularySize", vocabularySize, in: 1...1_000_000)
        try ConfigurationError.require("modelSize", modelSize, in: 1...65_536)
        try ConfigurationError.require("headCount", headCount, in: 1...1024)
        try ConfigurationError.require("layerCount", layerCount, in: 1...1024)
        try ConfigurationError.require("feedForwardSize", feedForwardSize, in: 1...1_000_000)
        try ConfigurationError.require("dropout", probability: dropout)
        try ConfigurationError.require("farthestDistance", farthestDistance, in: 1...65_536)
        try ConfigurationError.require("maximumLength", maximumLength, in: 1...1_000_000)
        try ConfigurationError.require("modelSize", modelSize, ofHeads: headCount)
    }
}
