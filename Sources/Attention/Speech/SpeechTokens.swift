import AttentionModels
import AttentionText

/// The tokens with a meaning of their own that Whisper's decoder begins with, and those that stand for moments (Radford et al. 2023, sec. 2.3).
package struct SpeechTokens: Sendable {
    /// What every text begins with.
    package let start: Int
    /// By which the decoder says that moments are not wanted; those follow it in the vocabulary.
    package let withoutTimestamps: Int
    /// The tokens of languages by their names: `en`.
    package let languages: [String: Int]
    /// The tokens of tasks by their names: `transcribe`.
    package let tasks: [String: Int]
    /// The latest moment at which a text may begin, counted in moments; nil for any.
    package let latestBeginning: Int?

    /// Tokens that are known.
    package init(
        start: Int, withoutTimestamps: Int, languages: [String: Int] = [:], tasks: [String: Int] = [:],
        latestBeginning: Int? = nil
    ) {
        (self.start, self.withoutTimestamps, self.languages) = (start, withoutTimestamps, languages)
        (self.tasks, self.latestBeginning) = (tasks, latestBeginning)
    }

    /// Moment 0.
    var firstMoment: Int { withoutTimestamps + 1 }
    /// What stands for silence, if there is such a token: it has the place before.
    var noSpeech: Int { withoutTimestamps - 1 }
    /// Whether the model knows several languages.
    var isMultilingual: Bool { !languages.isEmpty }

    /// As a folder's generation_config.json says, or its tokenizer where that is older than such fields.
    init(_ folder: PretrainedFolder, _ tokenizer: Tokenizer) throws {
        func id(_ name: String) -> Int? { tokenizer.id(of: "<|\(name)|>") }
        let known = try folder.readingGeneration { fields in
            (
                start: try fields.integers(fields.present("decoder_start_token_id", "bos_token_id")).first,
                withoutTimestamps: try fields.integers("no_timestamps_token_id").first,
                isMultilingual: fields.has("is_multilingual") ? try fields.flag("is_multilingual") : nil,
                languages: try fields.part("lang_to_id")?.integers(), tasks: try fields.part("task_to_id")?.integers(),
                latestBeginning: try fields.integers("max_initial_timestamp_index").first
            )
        }
        guard let withoutTimestamps = known.withoutTimestamps ?? id("notimestamps"),
            let start = known.start ?? id("startoftranscript")
        else { throw SpeechError.noTimestamps(folder: folder.path) }
        (self.start, self.withoutTimestamps, latestBeginning) = (start, withoutTimestamps, known.latestBeginning)
        // The vocabularies of English alone have names of languages, too, but one token fewer.
        let isMultilingual = try known.isMultilingual ?? (folder.fields.size("vocab_size") >= 51865)
        guard isMultilingual else {
            (languages, tasks) = ([:], [:])
            return
        }
        let named = Dictionary(
            (known.languages ?? [:]).map { (Self.bare($0.key), $0.value) }, uniquingKeysWith: { min($0, $1) })
        languages = named.isEmpty ? Self.languages(behind: start, tokenizer) : named
        let spelt = TranscriptionSettings.Task.allCases.compactMap { task in
            id(task.rawValue).map { (task.rawValue, $0) }
        }
        tasks = known.tasks ?? Dictionary(uniqueKeysWithValues: spelt)
    }

    /// `<|en|>` → `en`.
    private static func bare(_ name: String) -> String {
        name.hasPrefix("<|") && name.hasSuffix("|>") ? String(name.dropFirst(2).dropLast(2)) : name
    }

    /// The names of languages stand behind the start token, up to the first other name.
    private static func languages(behind start: Int, _ tokenizer: Tokenizer) -> [String: Int] {
        var languages: [String: Int] = [:]
        for id in (start + 1)... {
            guard let name = tokenizer.piece(of: id).map(bare), (2...3).contains(name.utf8.count) else { break }
            languages[name] = id
        }
        return languages
    }

    /// What the decoder begins with.
    func prompt(language: String?, task: TranscriptionSettings.Task, hasTimestamps: Bool) -> [Int] {
        var prompt = [start]
        if let language, let token = languages[language] { prompt.append(token) }
        if let token = tasks[task.rawValue] { prompt.append(token) }
        return hasTimestamps ? prompt : prompt + [withoutTimestamps]
    }
}
