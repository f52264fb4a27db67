import AttentionModels
import AttentionTensors
import AttentionText

extension TranslationTraining {
    /// Throws what the model to start from and what was asked for disagree about. Only dropout may differ: it is no part of what a model
    /// has learnt.
    func check(_ initial: ModelFolder, _ tokenizer: Tokenizer?) throws {
        var differences = architecture.differences(from: initial.configuration.architecture)
        if let tokenizer, Fingerprint(of: tokenizer).description != Fingerprint(of: initial.tokenizer).description {
            differences.append(
                .init(
                    name: "tokenizer", found: "\(Fingerprint(of: tokenizer))",
                    expected: "\(Fingerprint(of: initial.tokenizer))"))
        }
        guard differences.isEmpty else {
            throw TranslationTrainingError.otherModel(initial.configuration.name, differences: differences)
        }
    }
}

extension ModelConfiguration.Architecture {
    /// `transformer` or `recurrent`.
    var name: String {
        switch self {
        case .transformer: "transformer"
        case .recurrent: "recurrent"
        }
    }

    /// The model's own settings by name.
    var settings: [String: SettingValue] {
        switch self {
        case .transformer(let configuration): SettingValue.all(of: configuration)
        case .recurrent(let configuration): SettingValue.all(of: configuration)
        }
    }

    /// This architecture with the vocabulary of a model that exists.
    func fitted(to model: ModelConfiguration) -> Self {
        switch self {
        case .transformer(var configuration):
            (configuration.vocabularySize, configuration.special) = (model.vocabularySize, model.special)
            return .transformer(configuration)
        case .recurrent(var configuration):
            (configuration.vocabularySize, configuration.special) = (model.vocabularySize, model.special)
            return .recurrent(configuration)
        }
    }

    /// What this and another, that of a model, disagree about. Dropout is no part of it.
    fileprivate func differences(from other: Self) -> [TranslationTrainingError.Difference] {
        guard name == other.name else { return [.init(name: "architecture", found: name, expected: other.name)] }
        let (own, theirs) = (settings, other.settings)
        return own.keys.sorted().compactMap { key in
            guard !key.lowercased().hasSuffix("dropout"), let found = own[key], let expected = theirs[key],
                found != expected
            else { return nil }
            return .init(name: "model." + key, found: found.plain, expected: expected.plain)
        }
    }
}

extension SequenceToSequence {
    /// Another module with the parameters of this one, which has the same by name and shape.
    func parameters<Other: Module>(in other: Other) -> Other {
        let own = Dictionary(uniqueKeysWithValues: parameters().map { ($0.name, $0.parameter) })
        return other.mapParameters { name, blank in own[name] ?? blank }
    }
}
