import Attention
import AttentionLayers
import AttentionMechanisms
public import AttentionModels
import AttentionTraining

/// A model to be compared, under the name of what is different in it.
public struct ComparisonSubject: Sendable {
    /// How tables and charts call it.
    public let name: String
    /// What it is.
    public let architecture: any TranslatorConfiguration

    /// A subject of this name.
    public init(name: String, architecture: any TranslatorConfiguration) {
        self.name = name
        self.architecture = architecture
    }
}

extension ComparisonSubject {
    /// A small model with the parts that a name joins by +: `additive`, `dot+local_m`, `general+sparsemax`, or, for a Transformer,
    /// `transformer`, `transformer+rope`, `transformer+entmax15`.
    /// - Throws: `ConfigurationError` if there is no such part, two parts say the same, or the parts do not go together.
    public init(named name: String) throws(ConfigurationError) {
        let parts = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let architecture: any TranslatorConfiguration
        if parts.first == "transformer" {
            architecture = try Self.transformer(parts.dropFirst())
        } else {
            architecture = try Self.recurrent(parts)
        }
        self.init(name: name, architecture: architecture)
    }

    private static func recurrent(_ parts: [String]) throws(ConfigurationError) -> RecurrentTranslatorConfiguration {
        var configuration = RecurrentTranslatorConfiguration()
        configuration.vocabularySize = MechanismComparison.vocabularySize
        (configuration.embeddingSize, configuration.hiddenSize, configuration.dropout) = (32, 64, 0)
        (configuration.halfWidth, configuration.chunkWidth) = (3, 2)
        var taken = TakenParts()
        for part in parts {
            if NamedAttention.names.contains(part) {
                try taken.take(part, as: "attention")
                configuration.attention = part
            } else if let scope = RecurrentScope(rawValue: part) {
                try taken.take(part, as: "scope")
                configuration.scope = scope
            } else if NormalizerDescriptor.names.contains(part) {
                try taken.take(part, as: "normalizer")
                configuration.normalizer = part
            } else {
                let known = NamedAttention.names + RecurrentScope.allCases.map(\.rawValue)
                throw unknown(part, known + NormalizerDescriptor.names + ["transformer"])
            }
        }
        try configuration.validate()
        return configuration
    }

    private static func transformer(_ parts: ArraySlice<String>) throws(ConfigurationError) -> TransformerConfiguration
    {
        var configuration = TransformerConfiguration()
        configuration.vocabularySize = MechanismComparison.vocabularySize
        (configuration.modelSize, configuration.headCount, configuration.feedForwardSize) = (64, 4, 128)
        (configuration.encoderLayerCount, configuration.decoderLayerCount, configuration.dropout) = (2, 2, 0)
        var taken = TakenParts()
        for part in parts {
            if NamedAttention.names.contains(part), part != "none" {
                try taken.take(part, as: "attention")
                configuration.attention = part
            } else if NamedPositions.names.contains(part) {
                try taken.take(part, as: "positions")
                configuration.positions = part
            } else if NormalizerDescriptor.names.contains(part) {
                try taken.take(part, as: "normalizer")
                (configuration.selfNormalizer, configuration.crossNormalizer) = (part, part)
            } else {
                let known = NamedAttention.names + NamedPositions.names
                throw unknown(part, known + NormalizerDescriptor.names)
            }
        }
        try configuration.validate()
        return configuration
    }

    private static func unknown(_ part: String, _ known: [String]) -> ConfigurationError {
        ConfigurationError("mechanism", expected: "parts of " + known.joined(separator: ", "), found: part)
    }
}

/// The parts of a name that have been read, each of a kind of its own.
private struct TakenParts {
    private var parts: [String: String] = [:]

    /// - Throws: `ConfigurationError` if there is another part of that kind.
    mutating func take(_ part: String, as kind: String) throws(ConfigurationError) {
        if let other = parts.updateValue(part, forKey: kind) {
            throw ConfigurationError("mechanism", expected: "one \(kind)", found: "\(other)+\(part)")
        }
    }
}
