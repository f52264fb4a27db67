public import AttentionModels
import AttentionTraining

/// A model to be compared, under the name of what is different in it.
public struct ComparisonSubject: Sendable {
    /// How tables and charts call it.
    public let name: String
    /// What it is.
    public let architecture: ModelConfiguration.Architecture

    /// A subject of this name.
    public init(name: String, architecture: ModelConfiguration.Architecture) {
        self.name = name
        self.architecture = architecture
    }
}

extension ComparisonSubject {
    /// A small recurrent translator with a mechanism of this name.
    /// - Throws: `ConfigurationError` if there is no such mechanism.
    public init(named name: String) throws(ConfigurationError) {
        guard let attention = RecurrentAttention(rawValue: name) else {
            throw ConfigurationError(
                "mechanism", expected: RecurrentAttention.allCases.map(\.rawValue).joined(separator: ", "), found: name)
        }
        var configuration = RecurrentTranslatorConfiguration()
        configuration.vocabularySize = MechanismComparison.vocabularySize
        configuration.embeddingSize = 32
        configuration.hiddenSize = 64
        configuration.dropout = 0
        configuration.attention = attention
        self.init(name: name, architecture: .recurrent(configuration))
    }
}
