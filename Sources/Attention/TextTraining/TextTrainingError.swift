import AttentionModels

/// A training of a model that writes that cannot begin: its texts, its tokenizer or its model do not fit.
public enum TextTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is not enough of this to learn from, or to choose the best model by.
    case tooLittle(String, needed: String, found: String)
    /// The tokenizer has none of these pieces.
    case missingPiece([String])
    /// The model to start from has no such token.
    case noToken(String, folder: String)
    /// The tokenizer has ids that the model to start from has no vectors for.
    case smallVocabulary(Int, tokenizer: Int, folder: String)
    /// Sizes, or a tokenizer, were asked for where a model is there to start from.
    case sizesOfFolder(String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .tooLittle(let part, let needed, let found):
            "train: expected \(needed) of \(part) data, found \(found)"
        case .missingPiece(let pieces):
            "train: expected a tokenizer with \(pieces.joined(separator: " or ")), which ends texts, found none; "
                + "leave it out, and one is trained"
        case .noToken(let name, let folder):
            "train: expected \(name) in the configuration of the model to start from, \(folder), found none"
        case .smallVocabulary(let size, let tokenizer, let folder):
            "train: expected a tokenizer of at most \(size) ids, for which the model in \(folder) has vectors, found \(tokenizer)"
        case .sizesOfFolder(let folder, let found):
            "train: expected the model to start from, \(folder), as it is, found \(found); leave that out, or the model"
        }
    }
}
