public import AttentionInspection
public import AttentionModels
public import AttentionTensors

/// What `config.json` of a model folder holds: which architecture, its sizes, and what is known about the trained model.
public struct ModelConfiguration: Sendable, Codable {
    /// A name for pictures and lists.
    public var name: String
    /// What the model is made of.
    public var architecture: any TranslatorConfiguration
    /// The decoder layer and head whose attention is shown as the alignment; nil without attention, or before it is chosen.
    public var alignment: HeadIndex?
    /// How the best translation is looked for.
    public var search: SearchSettings

    /// A configuration of these parts.
    public init(
        name: String, architecture: any TranslatorConfiguration, alignment: HeadIndex? = nil,
        search: SearchSettings = SearchSettings()
    ) {
        (self.name, self.architecture) = (name, architecture)
        (self.alignment, self.search) = (alignment, search)
    }

    /// A new model of this configuration, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` if the configuration cannot be built, or not in the memory of this machine.
    public func makeModel(key: RandomKey) throws(ConfigurationError) -> any SequenceToSequence {
        try checkMemory()
        return try architecture.makeModel(key: key)
    }
}

extension ModelConfiguration: Equatable {
    /// Whether both describe the same model.
    public static func == (first: ModelConfiguration, second: ModelConfiguration) -> Bool {
        first.name == second.name && first.alignment == second.alignment && first.search == second.search
            && AnyHashable(first.architecture) == AnyHashable(second.architecture)
    }
}

extension ModelConfiguration {
    private enum Key: String, CodingKey, CaseIterable { case name, architecture, alignment, search }

    /// The member that holds an architecture's own configuration: its name.
    private struct ArchitectureKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// As `{"architecture": "transformer", "transformer": {…}, "name": …, "alignment": {"layer": 2, "head": 1}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(alignment, forKey: .alignment)
        if search != SearchSettings() { try container.encode(search, forKey: .search) }
        let architectureName = type(of: architecture).architecture
        try container.encode(architectureName, forKey: .architecture)
        var own = encoder.container(keyedBy: ArchitectureKey.self)
        try own.encode(architecture, forKey: ArchitectureKey(stringValue: architectureName))
    }

    /// The reverse of `encode(to:)`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        name = try container.decode(String.self, forKey: .name)
        alignment = try container.decodeIfPresent(HeadIndex.self, forKey: .alignment)
        search = try container.decodeIfPresent(SearchSettings.self, forKey: .search) ?? SearchSettings()
        let architectureName = try container.decode(String.self, forKey: .architecture)
        guard let type = TranslatorArchitectures.named(architectureName) else {
            throw ConfigurationError(
                "architecture", expected: "one of \(TranslatorArchitectures.names.joined(separator: ", "))",
                found: architectureName)
        }
        let own = try decoder.container(keyedBy: ArchitectureKey.self)
        architecture = try own.decode(type, forKey: ArchitectureKey(stringValue: architectureName))
    }
}
