import AttentionModels
import AttentionText
import AttentionTraining

extension TranslationTraining {
    /// Everything that decides the course of this training beside its seed, by name. Where and when it ends is no part of it, nor how
    /// often it is saved: a resumed training may go further than was planned.
    ///
    /// - Parameters:
    ///   - tokenizer: that of the folder.
    ///   - given: the one that was asked for; nil takes whatever is there.
    func identity(
        _ architecture: any TranslatorConfiguration, _ tokenizer: Tokenizer, given: Tokenizer?,
        train: [[SentencePair]],
        valid: [SentencePair]
    ) -> [String: String] {
        let free = freeSettings(corpusCount: train.count)
        let training = SettingValue.all(of: settings).filter { !free.contains($0.key) }
        let pairs = train.flatMap(\.self)
        var identity = [
            "tokenizer": Self.identity(tokenizer, given: given),
            "training data": "\(pairs.count) pairs (\(Fingerprint(of: pairs)))",
            "validation data": "\(valid.count) pairs (\(Fingerprint(of: valid)))",
            "architecture": type(of: architecture).architecture,
        ]
        if !free.contains("samplingTemperature") {
            identity["corpora"] = train.map { "\($0.count)" }.joined(separator: " + ") + " pairs"
        }
        if let initial { identity["first model"] = "\(Fingerprint(of: initial.model))" }
        identity.merge(guidance?.identity ?? [:]) { $1 }
        for (name, value) in architecture.settings { identity["model." + name] = value.plain }
        for (name, value) in training { identity["training." + name] = value.plain }
        return identity
    }

    /// The fingerprint of the folder's tokenizer, which must be the one asked for.
    private static func identity(_ tokenizer: Tokenizer, given: Tokenizer?) -> String {
        let (found, asked) = ("\(Fingerprint(of: tokenizer))", given.map { "\(Fingerprint(of: $0))" })
        return asked ?? found == found ? found : "\(found) in the folder and \(asked ?? found) asked for"
    }

    /// The settings that decide nothing here. The cosine's length is its number of updates, the cooling down may come later, momentum is not Adam's, and corpora that keep
    /// their sizes are one. (The trainer itself knows its optimizer.)
    private func freeSettings(corpusCount: Int) -> Set<String> {
        var free: Set = ["maximumEpochs", "maximumMinutes", "patience", "checkpointInterval", "cooldown", "optimizer"]
        if settings.schedule != .cosine { free.insert("maximumUpdates") }
        if ![.sgd, .muon].contains(settings.optimizer) { free.insert("momentum") }
        if corpusCount < 2 || settings.samplingTemperature == 1 { free.insert("samplingTemperature") }
        return free
    }
}
