public import AttentionFiles

/// Why a tokenizer could not be read or trained.
public indirect enum TokenizerError: Error, Equatable, CustomStringConvertible {
    /// The system refused the file.
    case file(FileError)
    /// A GGUF file is damaged, or its tokenizer of a kind not known here.
    case gguf(GGUFError)
    /// The file at `path` does not describe a tokenizer known here.
    case unusableFile(path: String, TokenizerError)
    /// The document is not JSON.
    case malformed(JSONError)
    /// The document asks for a stage that is not known here.
    case unknownStage(kind: String, name: String, known: [String])
    /// A field of a stage is absent, of another type, or out of range.
    case invalidField(stage: String, field: String, expected: String, found: String)
    /// A stage needs a piece that the vocabulary lacks.
    case missingPiece(stage: String, field: String, piece: String)
    /// A regular expression uses what is not known here.
    case unusablePattern(stage: String, pattern: String, reason: String, position: Int)
    /// A SentencePiece model is damaged, or of a kind not known here.
    case unusableModel(expected: String, found: String)
    /// A folder holds none of the files that describe a tokenizer.
    case noTokenizer(folder: String, known: [String])
    /// Training was asked for fewer pieces than the special, byte and character pieces alone.
    case vocabularyTooSmall(requested: Int, needed: Int)

    /// A sentence that says what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error):
            error.description
        case .gguf(let error):
            error.description
        case .unusableFile(let path, let error):
            "\(path): \(error)"
        case .malformed(let error):
            "tokenizer: \(error); it is damaged or of another kind: copy it again, or take another"
        case .unknownStage(let kind, let name, let known):
            "tokenizer: expected a \(kind) among \(known.joined(separator: ", ")), found \"\(name)\"; "
                + "take a tokenizer of these stages, or train one"
        case .invalidField(let stage, "", let expected, let found):
            "tokenizer: \(stage): expected \(expected), found \(found); correct it there, or train a new tokenizer"
        case .invalidField(let stage, let field, let expected, let found):
            "tokenizer: \(stage): expected \(expected) in \"\(field)\", found \(found); "
                + "correct it there, or train a new tokenizer"
        case .missingPiece(let stage, let field, let piece):
            "tokenizer: \(stage): expected the vocabulary to hold \"\(piece)\", named by \"\(field)\"; add it there"
        case .unusablePattern(let stage, let pattern, let reason, let position):
            "tokenizer: \(stage): expected a regular expression that needs no backtracking, found \(reason) "
                + "at character \(position) of \"\(pattern)\"; write it in another way, or take another tokenizer"
        case .unusableModel(let expected, let found):
            "tokenizer: expected \(expected) in the SentencePiece model, found \(found); copy it again, or take another"
        case .noTokenizer(let folder, let known):
            "tokenizer: expected one of \(known.joined(separator: ", ")) in \(folder), found none; "
                + "name the folder that holds it"
        case .vocabularyTooSmall(let requested, let needed):
            "train: expected a vocabulary size of at least \(needed) (special, byte and character pieces), "
                + "found \(requested); ask for more, or lower the character coverage"
        }
    }
}
