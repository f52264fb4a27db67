public import AttentionLayers

/// How a recurrent decoder looks at its source.
public enum RecurrentAttention: String, Sendable, Codable, CaseIterable {
    /// Not at all: one context vector of fixed length stands for the whole source (Cho et al. 2014).
    case none
    /// v · tanh(W q + U k), asked with the previous state (Bahdanau, Cho & Bengio 2015).
    case additive
    /// q · k, asked with the current state, with input feeding (Luong, Pham & Manning 2015).
    case dot
    /// qᵀ W k, likewise.
    case general
    /// v · tanh(W [q; k]), likewise.
    case concat
}

/// The sizes and choices of a `RecurrentTranslator`, as they stand in `config.json`.
public struct RecurrentTranslatorConfiguration: Sendable, Hashable, Codable {
    /// V, shared by source and target.
    public var vocabularySize = 8000
    /// The size of an embedding.
    public var embeddingSize = 256
    /// H, the size of the decoder's state and of each direction's state in the encoder (with dot attention, half of it in the encoder).
    public var hiddenSize = 512
    /// GRU or LSTM.
    public var cell = RecurrentCellKind.gru
    /// How the decoder looks at the source.
    public var attention = RecurrentAttention.additive
    /// The probability of dropping an element of an embedding or of the readout in training.
    public var dropout: Float = 0.2
    /// The ids with a meaning of their own.
    public var special = SpecialTokens()

    /// The sizes of a small model for short sentences.
    public init() {}

    /// The size of one direction's state: half of H for dot attention, whose keys must be as large as the query.
    var directionSize: Int { attention == .dot ? hiddenSize / 2 : hiddenSize }

    /// The size of an annotation: both directions' states.
    var annotationSize: Int { 2 * directionSize }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try ConfigurationError.require("vocabularySize", vocabularySize, in: 4...4_000_000)
        try ConfigurationError.require("embeddingSize", embeddingSize, in: 1...65_536)
        try ConfigurationError.require("hiddenSize", hiddenSize, in: 1...65_536)
        try ConfigurationError.require("dropout", probability: dropout)
        guard attention != .dot || hiddenSize % 2 == 0 else {
            throw ConfigurationError("hiddenSize", expected: "even, for dot attention", found: "\(hiddenSize)")
        }
    }
}
