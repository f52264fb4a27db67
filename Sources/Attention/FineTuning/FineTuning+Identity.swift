import AttentionTensors

extension FineTuning {
    /// Everything that decides the course of this training beside its seed, by name. Where it ends early is no part of it, nor how often it is
    /// saved.
    func identity(of model: some Module, labels: [String]) -> [String: String] {
        let free: Set = ["maximumUpdates", "maximumMinutes", "patience", "checkpointInterval", "activations"]
        var identity = ["model": "\(Fingerprint(of: model))"]
        if !labels.isEmpty { identity["classes"] = "\(labels.count) (\(Fingerprint(of: labels)))" }
        for (name, value) in SettingValue.all(of: settings) where !free.contains(name) {
            identity["settings." + name] = value.plain
        }
        return identity
    }
}

extension FineTuningData {
    /// What these data are told by.
    var identity: [String: String] {
        switch self {
        case .classes(let train, let valid): Self.identity(train.map(\.fields), valid.map(\.fields))
        case .answers(let train, let valid): Self.identity(train.map(\.fields), valid.map(\.fields))
        case .tags(let train, let valid): Self.identity(train.map(\.fields), valid.map(\.fields))
        case .pairs(let train, let valid): Self.identity(train.map(\.fields), valid.map(\.fields))
        }
    }

    private static func identity(_ train: [[String]], _ valid: [[String]]) -> [String: String] {
        func words(_ examples: [[String]]) -> String {
            "\(examples.count) examples (\(Fingerprint(of: examples.joined())))"
        }
        return ["training data": words(train), "validation data": words(valid)]
    }
}

extension ClassifiedText {
    var fields: [String] { [label, text, pair ?? ""] }
}

extension AskedQuestion {
    var fields: [String] { [id, question, context] + answers.flatMap { [$0.text, "\($0.start)"] } }
}

extension TaggedWords {
    var fields: [String] { words + tags + [""] }
}

extension AlikeTexts {
    var fields: [String] { [anchor, positive] }
}
