public import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// Where a recurrent decoder may look when its attention is a score.
public enum RecurrentScope: String, Sendable, Codable, CaseIterable {
    /// Everywhere (Bahdanau, Cho & Bengio 2015).
    case global
    /// At step t, around place t of the source (Luong, Pham & Manning 2015, sec. 3.2).
    case localM = "local_m"
    /// Around a place that the state predicts (Luong, Pham & Manning 2015, eq. 9 and 10).
    case localP = "local_p"
}

/// The sizes and choices of a `RecurrentTranslator`, as they stand in `config.json`.
public struct RecurrentTranslatorConfiguration: Sendable, Hashable, Codable {
    /// V, shared by source and target.
    public var vocabularySize = 8000
    /// The size of an embedding.
    public var embeddingSize = 256
    /// H, the size of the decoder's state and of each direction's state in the encoder (half of it in the encoder for scores that compare
    /// states and annotations as they are).
    public var hiddenSize = 512
    /// GRU or LSTM.
    public var cell = RecurrentCellKind.gru
    /// How the decoder looks at the source. Dot products and bilinear forms are asked with the current state, with input feeding
    /// (Luong, Pham & Manning 2015), all others with the previous one (Bahdanau, Cho & Bengio 2015).
    ///
    /// `none`, or the name of a score or of a mechanism that goes step by step, as `AttentionParts` lists them.
    public var attention = "additive"
    /// Where it may look.
    public var scope = RecurrentScope.global
    /// D, how far a local scope reaches to either side.
    public var halfWidth = 10
    /// How scores become shares: the name of a normalizer, as `AttentionParts` lists them.
    public var normalizer = "softmax"
    /// The filters of location-sensitive attention.
    public var filterCount = 10
    /// Their width, odd.
    public var filterWidth = 11
    /// The keys in a chunk of MoChA; 0 for all up to where it stopped.
    public var chunkWidth = 4
    /// The Gaussians in a mixture window.
    public var mixtureSize = 5
    /// The probability of dropping an element of an embedding or of the readout in training.
    public var dropout: Float = 0.2
    /// The ids with a meaning of their own.
    public var special = SpecialTokens()

    /// The sizes of a small model for short sentences.
    public init() {}

    /// The size of one direction's state: half of H for scores whose keys must be as large as the query.
    var directionSize: Int { needsEqualSizes ? hiddenSize / 2 : hiddenSize }

    /// The size of an annotation: both directions' states.
    var annotationSize: Int { 2 * directionSize }

    private var score: ScoreDescriptor? { AttentionParts.scores.first { $0.name == attention } }

    private var needsEqualSizes: Bool { score?.needsEqualSizes ?? false }

    /// Whether the decoder moves before it looks, as Luong's does: with every score but Bahdanau's.
    var movesFirst: Bool {
        score != nil && ![AdditiveScore.descriptor.name, NormedAdditiveScore.descriptor.name].contains(attention)
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.require("vocabularySize", vocabularySize, in: 4...4_000_000)
        try ConfigurationError.require("embeddingSize", embeddingSize, in: 1...65_536)
        try ConfigurationError.require("hiddenSize", hiddenSize, in: 1...65_536)
        try ConfigurationError.require("halfWidth", halfWidth, in: 1...65_536)
        try ConfigurationError.require("filterCount", filterCount, in: 1...65_536)
        try ConfigurationError.require("filterWidth", filterWidth, in: 1...65_535)
        try ConfigurationError.require("chunkWidth", chunkWidth, in: 0...65_536)
        try ConfigurationError.require("mixtureSize", mixtureSize, in: 1...65_536)
        try ConfigurationError.require("dropout", probability: dropout)
        guard !needsEqualSizes || hiddenSize % 2 == 0 else {
            throw ConfigurationError(
                "hiddenSize", expected: "even, for \(attention) attention", found: "\(hiddenSize)")
        }
        guard filterWidth % 2 == 1 else {
            throw ConfigurationError("filterWidth", expected: "odd, to have a middle", found: "\(filterWidth)")
        }
        _ = try makeMechanism(key: .blank)
    }

    /// A configuration of this version or an earlier one: what came later has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        vocabularySize = try container.decode(Int.self, forKey: .vocabularySize)
        embeddingSize = try container.decode(Int.self, forKey: .embeddingSize)
        hiddenSize = try container.decode(Int.self, forKey: .hiddenSize)
        cell = try container.decode(RecurrentCellKind.self, forKey: .cell)
        attention = try container.decode(String.self, forKey: .attention)
        scope = try container.decodeIfPresent(RecurrentScope.self, forKey: .scope) ?? scope
        halfWidth = try container.decodeIfPresent(Int.self, forKey: .halfWidth) ?? halfWidth
        normalizer = try container.decodeIfPresent(String.self, forKey: .normalizer) ?? normalizer
        filterCount = try container.decodeIfPresent(Int.self, forKey: .filterCount) ?? filterCount
        filterWidth = try container.decodeIfPresent(Int.self, forKey: .filterWidth) ?? filterWidth
        chunkWidth = try container.decodeIfPresent(Int.self, forKey: .chunkWidth) ?? chunkWidth
        mixtureSize = try container.decodeIfPresent(Int.self, forKey: .mixtureSize) ?? mixtureSize
        dropout = try container.decode(Float.self, forKey: .dropout)
        special = try container.decode(SpecialTokens.self, forKey: .special)
    }
}
