package import AttentionMechanisms
import AttentionTensors

/// What a configuration's `attention` names, looked up among the descriptors beside the mechanisms.
package enum NamedAttention {
    /// Not at all: one context vector of fixed length stands for the whole source (Cho et al. 2014).
    case none
    /// A score, which leaves scope and normalizer open.
    case score(ScoreDescriptor)
    /// A mechanism that goes through the source step by step.
    case sequential(SequentialDescriptor)

    /// The names there are. Not every model takes every one; `validate()` of its configuration says which not, and why.
    package static let names =
        ["none"] + AttentionParts.scores.map(\.name) + AttentionParts.sequential.map(\.name)

    /// What this name stands for.
    /// - Throws: `ConfigurationError` if there is none.
    package init(_ name: String) throws(ConfigurationError) {
        if name == "none" {
            self = .none
        } else if let score = AttentionParts.scores.first(where: { $0.name == name }) {
            self = .score(score)
        } else if let sequential = AttentionParts.sequential.first(where: { $0.name == name }) {
            self = .sequential(sequential)
        } else {
            throw ConfigurationError(
                "attention", expected: "one of " + Self.names.joined(separator: ", "), found: name)
        }
    }
}

extension ScoreDescriptor {
    /// Whether queries and keys are compared as they are, and so must be of one size: without parameters, nothing could turn one into the
    /// other.
    var needsEqualSizes: Bool { if case .plain = fresh { true } else { false } }
}

extension NormalizerDescriptor {
    /// The names there are.
    package static var names: [String] { AttentionParts.normalizers.map(\.name) }

    /// The normalizer of this name.
    /// - Throws: `ConfigurationError` about `setting` if there is none, or none that a translator can be trained or decoded with.
    static func make(
        named name: String, _ settings: PartSettings, setting: String, key: RandomKey
    ) throws(ConfigurationError) -> any Normalizer {
        guard let descriptor = AttentionParts.normalizers.first(where: { $0.name == name }) else {
            throw ConfigurationError(setting, expected: "one of " + names.joined(separator: ", "), found: name)
        }
        return try descriptor.forModels.make(name: name, settings, setting: setting, key: key)
    }
}

extension PartDescriptor {
    /// How models get one.
    var forModels: Fresh<Part> { fresh ?? .refused("one that models are made of") }
}

extension Fresh {
    /// The part, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` about `setting`, with the reason why models refuse it.
    func make(
        name: String, _ settings: PartSettings, setting: String, key: RandomKey
    ) throws(ConfigurationError) -> Part {
        switch self {
        case .plain(let part): return part
        case .drawn(let draw): return draw(settings, key)
        case .refused(let reason): throw ConfigurationError(setting, expected: reason, found: name)
        }
    }
}
