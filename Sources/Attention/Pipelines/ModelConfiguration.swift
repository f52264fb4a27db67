public import AttentionInspection
public import AttentionModels
public import AttentionTensors

/// What `config.json` of a model folder holds: which architecture, its sizes, and what is known about the trained model.
public struct ModelConfiguration: Sendable, Hashable, Codable {
    /// The architectures a translation model can have, with their own configurations.
    public enum Architecture: Sendable, Hashable {
        /// Vaswani et al. 2017.
        case transformer(TransformerConfiguration)
        /// Bahdanau et al. 2015, Luong et al. 2015, Cho et al. 2014.
        case recurrent(RecurrentTranslatorConfiguration)
    }

    /// A name for pictures and lists.
    public var name: String
    /// What the model is.
    public var architecture: Architecture
    /// The decoder layer and head whose attention is shown as the alignment; nil without attention, or before it is chosen.
    public var alignment: HeadIndex?

    /// A configuration of these parts.
    public init(name: String, architecture: Architecture, alignment: HeadIndex? = nil) {
        self.name = name
        self.architecture = architecture
        self.alignment = alignment
    }

    /// A new model of this configuration, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` if the configuration cannot be built, or not in the memory of this machine.
    public func makeModel(key: RandomKey) throws(ConfigurationError) -> any SequenceToSequence {
        try checkMemory()
        return switch architecture {
        case .transformer(let configuration): try Transformer(configuration, key: key)
        case .recurrent(let configuration): try RecurrentTranslator(configuration, key: key)
        }
    }

    /// The ids with a meaning of their own.
    public var special: SpecialTokens {
        switch architecture {
        case .transformer(let configuration): configuration.special
        case .recurrent(let configuration): configuration.special
        }
    }

    /// The longest sequence the model can read or write; nil if there is no limit.
    public var lengthLimit: Int? {
        switch architecture {
        case .transformer(let configuration):
            configuration.positions == .learned ? configuration.maximumLength : nil
        case .recurrent: nil
        }
    }

    /// The number of ids the model knows.
    public var vocabularySize: Int {
        switch architecture {
        case .transformer(let configuration): configuration.vocabularySize
        case .recurrent(let configuration): configuration.vocabularySize
        }
    }
}

extension ModelConfiguration {
    private enum Key: String, CodingKey { case name, architecture, transformer, recurrent, alignment }
    private enum Kind: String, Codable { case transformer, recurrent }

    /// As `{"architecture": "transformer", "transformer": {…}, "name": …, "alignment": {"layer": 2, "head": 1}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(alignment, forKey: .alignment)
        switch architecture {
        case .transformer(let configuration):
            try container.encode(Kind.transformer, forKey: .architecture)
            try container.encode(configuration, forKey: .transformer)
        case .recurrent(let configuration):
            try container.encode(Kind.recurrent, forKey: .architecture)
            try container.encode(configuration, forKey: .recurrent)
        }
    }

    /// The reverse of `encode(to:)`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        alignment = try container.decodeIfPresent(HeadIndex.self, forKey: .alignment)
        switch try container.decode(Kind.self, forKey: .architecture) {
        case .transformer:
            architecture = .transformer(try container.decode(TransformerConfiguration.self, forKey: .transformer))
        case .recurrent:
            architecture = .recurrent(try container.decode(RecurrentTranslatorConfiguration.self, forKey: .recurrent))
        }
    }
}
