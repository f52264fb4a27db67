import AttentionFiles

/// A kind of folder that a translator can be made of.
///
/// One type a kind, one line in `TranslatorSources.all`; nothing else asks which kind a folder is of.
public protocol TranslatorSource: Sendable {
    /// What such a folder is, in words, with the files by which it is known.
    static var form: String { get }
    /// Whether the folder at `path` is of this kind, as far as its files' names tell.
    static func recognizes(_ path: String) -> Bool
    /// The model of the folder at `path`.
    /// - Throws: what is wrong with the folder, naming the file; `TranslatorSourceError` if the choice does not fit it.
    static func model(at path: String, _ choice: TranslatorChoice) throws -> TranslationModel
}

/// What is to be said of a model that can do more than one thing.
public struct TranslatorChoice: Codable, Sendable, Hashable {
    /// The language of the source, as the model spells it; nil where there is no choice.
    public var source: String?
    /// The language of the target, likewise.
    public var target: String?
    /// What stands before every text; nil: what the folder says.
    public var prompt: String?
    /// Whether only words are written that the source can bring about by the folder's lexical shortlist.
    public var usesShortlist = false

    /// The choice of nothing.
    public init() {}

    /// Whether languages and task are left to the model.
    var isOpen: Bool { source == nil && target == nil && prompt == nil }
}

/// The kinds of folders that are known.
public enum TranslatorSources {
    /// All of them, one line each; the last takes what no other does.
    public static let all: [any TranslatorSource.Type] = [
        FirefoxFolder.self,
        PretrainedTranslator.self,
        ModelFolder.self,
    ]

    /// The model of the folder at `path`.
    /// - Throws: what is wrong with it.
    public static func model(at path: String, _ choice: TranslatorChoice = TranslatorChoice()) throws
        -> TranslationModel
    {
        let source = all.first { $0.recognizes(path) } ?? ModelFolder.self
        return try source.model(at: path, choice)
    }
}

/// A folder that cannot be used as it was asked to be.
public enum TranslatorSourceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Files that belong together are not all there, or there are several.
    case files(String, expected: String, found: String)
    /// The folder has no shortlist.
    case noShortlist(String)
    /// The model can do one thing only.
    case noChoice(String)
    /// The model does not know a language.
    case unknownLanguage(String, option: String, known: [String], path: String)
    /// The model needs to be told.
    case missingChoice(option: String, reason: String, path: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .files(let path, let expected, let found):
            "model: expected \(expected) in \(path), found \(found)"
        case .noShortlist(let path):
            "model: expected a lexical shortlist, lex.*.bin, in \(path), found none; translate without --shortlist"
        case .noChoice(let path):
            "model: expected a model with a choice of languages or tasks in \(path), found one that has none; "
                + "leave --from, --to and --prompt out"
        case .unknownLanguage(let found, let option, let known, let path):
            "model: expected one of \(known.joined(separator: ", ")) as \(option) for \(path), found \(found)"
        case .missingChoice(let option, let reason, let path):
            "model: expected \(option) for \(path), since \(reason)"
        }
    }
}

extension ModelFolder: TranslatorSource {
    public static var form: String {
        "a model of our own: config.json with its architecture, model.safetensors, tokenizer.json"
    }

    public static func recognizes(_ path: String) -> Bool { Directory.hasFile(path + "/config.json") }

    public static func model(at path: String, _ choice: TranslatorChoice) throws -> TranslationModel {
        guard choice.isOpen else { throw TranslatorSourceError.noChoice(path) }
        guard !choice.usesShortlist else { throw TranslatorSourceError.noShortlist(path) }
        return TranslationModel(try ModelFolder(path: path))
    }
}
