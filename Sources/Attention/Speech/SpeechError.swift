/// Why speech cannot be written down.
public enum SpeechError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder's features are others than its model hears.
    case features(folder: String, expected: String, found: String)
    /// A language that the model does not know.
    case unknownLanguage(String, known: [String])
    /// A language or a task for a model that knows one alone.
    case oneLanguage(String)
    /// The folder does not say which tokens stand for moments.
    case noTimestamps(folder: String)
    /// A setting that makes no sense.
    case setting(String, expected: String, found: String)

    /// A sentence that says what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .features(let folder, let expected, let found):
            "transcribe: expected a preprocessor_config.json for \(expected) in \(folder), found one for \(found); copy that of the model"
        case .unknownLanguage(let name, let known):
            "transcribe: expected a language among \(known.joined(separator: ", ")), found \(name)"
        case .oneLanguage(let found):
            "transcribe: expected no language and no task for a model of one language, found \(found); take a model of several"
        case .noTimestamps(let folder):
            "transcribe: expected no_timestamps_token_id in generation_config.json of \(folder), or <|notimestamps|> in its tokenizer, "
                + "found neither; copy the files of the model again"
        case .setting(let name, let expected, let found):
            "transcribe: expected \(expected) as \(name), found \(found)"
        }
    }
}
