import AttentionModels
import AttentionText
import AttentionTraining

extension TranslationTraining {
    /// Everything that decides the course of this training beside its seed, by name. Where and when it ends is no part of it, nor how
    /// often it is saved: a resumed training may go further than was planned.
    func identity(
        _ architecture: ModelConfiguration.Architecture, _ tokenizer: Tokenizer, train: [SentencePair],
        valid: [SentencePair]
    ) -> [String: String] {
        let model =
            switch architecture {
            case .transformer(let configuration): SettingValue.all(of: configuration)
            case .recurrent(let configuration): SettingValue.all(of: configuration)
            }
        let free = Self.freeSettings.subtracting(settings.schedule == .cosine ? ["maximumUpdates"] : [])
        let training = SettingValue.all(of: settings).filter { !free.contains($0.key) }
        var identity = [
            "tokenizer": "\(Fingerprint(of: tokenizer))",
            "training data": "\(train.count) pairs (\(Fingerprint(of: train)))",
            "validation data": "\(valid.count) pairs (\(Fingerprint(of: valid)))",
        ]
        switch architecture {
        case .transformer: identity["architecture"] = "transformer"
        case .recurrent: identity["architecture"] = "recurrent"
        }
        for (name, value) in model { identity["model." + name] = value.plain }
        for (name, value) in training { identity["training." + name] = value.plain }
        return identity
    }

    /// The cosine's length is its number of updates, so there they are not free.
    private static let freeSettings: Set = [
        "maximumUpdates", "maximumEpochs", "maximumMinutes", "patience", "checkpointInterval", "cooldown",
    ]
}
