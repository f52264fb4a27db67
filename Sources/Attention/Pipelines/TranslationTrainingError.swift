/// A training that cannot begin: its tokenizer, data or first model do not fit.
public enum TranslationTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The tokenizer has no such piece.
    case missingPiece(String)
    /// None of the validation pairs fits the model.
    case nothingToValidate(pairs: Int)
    /// The model to start from is another than the one asked for: what differs, what was asked for, and what the model has.
    case otherModel(String, differences: [Difference])

    /// A sentence that cannot be traced while the model learns.
    case untraceable(expected: String, found: String)

    /// Something that a model and what was asked for disagree about.
    public struct Difference: Sendable, Hashable {
        /// What: a setting of the model, the architecture, the tokenizer.
        public let name: String
        /// What was asked for.
        public let found: String
        /// What the model has.
        public let expected: String
    }

    /// The whole sentence.
    public var description: String {
        switch self {
        case .missingPiece(let piece):
            "train: expected a tokenizer with the piece \(piece), found none; train one on text of your own"
        case .nothingToValidate(let pairs):
            "train: expected validation pairs that the model has positions for, found none among \(pairs); "
                + "take shorter ones or raise model.maximumLength"
        case .untraceable(let expected, let found):
            "train: expected \(expected) to trace, found \(found)"
        case .otherModel(let name, let differences):
            "train: expected the model to start from, \(name), as it is, found "
                + differences.map { "\($0.name) \($0.found) instead of \($0.expected)" }.joined(separator: ", ")
                + "; leave that as it is there, or start from random parameters"
        }
    }
}
