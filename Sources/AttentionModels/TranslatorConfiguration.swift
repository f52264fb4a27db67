import AttentionLayers
public import AttentionTensors

/// What a translation model is made of: the sizes and choices of one architecture, as they stand in `config.json`.
///
/// One type an architecture, one line in `TranslatorArchitectures.all`; nothing else asks which of them a model has.
public protocol TranslatorConfiguration: Sendable, Hashable, Codable {
    /// How configurations and the command line call it.
    static var architecture: String { get }
    /// The sizes of a small model.
    init()
    /// What its attention is, by name.
    var attention: String { get set }
    /// V, shared by source and target.
    var vocabularySize: Int { get set }
    /// The ids with a meaning of their own.
    var special: SpecialTokens { get set }
    /// The longest sequence that can be read or written; nil if there is no limit.
    var lengthLimit: Int? { get }
    /// What it is, in lines for people: each a name and what is to be said.
    var summary: [(name: String, text: String)] { get }
    /// The heads that are gone for good, by the path of their attention, in the numbers that they had when the model was whole; nil if none is.
    var prunedHeads: [String: [Int]]? { get }
    /// The configuration of a model of this one that is left by a plan; nil if its parts cannot go.
    func pruned(_ plan: PruningPlan) -> Self?
    /// Throws what is wrong with these settings, if anything is.
    func validate() throws(ConfigurationError)
    /// A new model, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` if the configuration cannot be built.
    func makeModel(key: RandomKey) throws(ConfigurationError) -> any SequenceToSequence
}

/// The architectures that are known.
public enum TranslatorArchitectures {
    /// All of them, one line each; the first is the default.
    public static let all: [any TranslatorConfiguration.Type] = [
        TransformerConfiguration.self,
        RecurrentTranslatorConfiguration.self,
    ]

    /// How configurations call them.
    public static var names: [String] { all.map { $0.architecture } }

    /// The architecture of this name; nil if there is none.
    public static func named(_ name: String) -> (any TranslatorConfiguration.Type)? {
        all.first { $0.architecture == name }
    }
}

extension TransformerConfiguration: TranslatorConfiguration {
    public static var architecture: String { "transformer" }

    public var lengthLimit: Int? {
        NamedPositions.all.contains { $0.name == positions && $0.isLimited } ? maximumLength : nil
    }

    public var summary: [(name: String, text: String)] {
        [
            (
                "architecture",
                "transformer, \(encoderLayerCount) + \(decoderLayerCount) layers, \(normOrder.rawValue)-norm"
            ),
            ("model size", "\(modelSize), \(headCount) heads, feed-forward \(feedForwardSize) \(activation.rawValue)"),
        ]
    }

    public func makeModel(key: RandomKey) throws(ConfigurationError) -> any SequenceToSequence {
        try Transformer(self, key: key)
    }
}

extension RecurrentTranslatorConfiguration: TranslatorConfiguration {
    public static var architecture: String { "recurrent" }

    public var prunedHeads: [String: [Int]]? { nil }

    public func pruned(_ plan: PruningPlan) -> RecurrentTranslatorConfiguration? { nil }

    public var lengthLimit: Int? { nil }

    public var summary: [(name: String, text: String)] {
        [
            ("architecture", "recurrent, \(cell.rawValue), attention \(attention)"),
            ("sizes", "embedding \(embeddingSize), hidden \(hiddenSize)"),
        ]
    }

    public func makeModel(key: RandomKey) throws(ConfigurationError) -> any SequenceToSequence {
        try RecurrentTranslator(self, key: key)
    }
}
