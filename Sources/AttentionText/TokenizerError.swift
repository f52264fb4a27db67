/// Why a tokenizer could not be read or trained.
public indirect enum TokenizerError: Error, Equatable, CustomStringConvertible {
    /// The file at `path` could not be read; `reason` is the system's.
    case unreadableFile(path: String, reason: String)
    /// The file at `path` does not describe a tokenizer known here.
    case unusableFile(path: String, TokenizerError)
    /// The document is not JSON; reading stopped at `byte`.
    case malformedJSON(byte: Int, expected: String)
    /// The document asks for a stage that is not known here.
    case unknownStage(kind: String, name: String, known: [String])
    /// A field of a stage is absent, of another type, or out of range.
    case invalidField(stage: String, field: String, expected: String, found: String)
    /// A stage needs a piece that the vocabulary lacks.
    case missingPiece(stage: String, field: String, piece: String)
    /// Training was asked for fewer pieces than the special, byte and character pieces alone.
    case vocabularyTooSmall(requested: Int, needed: Int)

    /// A sentence that says what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason):
            "tokenizer: expected a readable file at \(path), found: \(reason); check the path and its permissions"
        case .unusableFile(let path, let error):
            "\(path): \(error)"
        case .malformedJSON(let byte, let expected):
            "tokenizer: expected \(expected) at byte \(byte) of the JSON document; "
                + "it is damaged or of another kind: copy it again, or take another"
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
        case .vocabularyTooSmall(let requested, let needed):
            "train: expected a vocabulary size of at least \(needed) (special, byte and character pieces), "
                + "found \(requested); ask for more, or lower the character coverage"
        }
    }
}
