/// A training that cannot begin: its folder, tokenizer, data or first model do not fit.
public enum TranslationTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder already holds this file of a model or a training.
    case occupied(String, file: String)
    /// Another training is writing into the folder.
    case inUse(String)
    /// There is no checkpoint in the folder.
    case nothingToResume(String)
    /// The tokenizer has no such piece.
    case missingPiece(String)
    /// None of the validation pairs fits the model.
    case nothingToValidate(pairs: Int)
    /// The model to start from is another than the one asked for: what differs, what was asked for, and what the model has.
    case otherModel(String, differences: [Difference])

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
        case .occupied(let directory, let file):
            "train: expected a new folder, found \(file) in \(directory); "
                + "choose another folder, or resume the training in this one"
        case .inUse(let directory):
            "train: expected a folder of its own, found another training at work in \(directory); "
                + "wait for its end, or choose another folder"
        case .nothingToResume(let directory):
            "train: expected a checkpoint in \(directory)/training, found none; begin a new training"
        case .missingPiece(let piece):
            "train: expected a tokenizer with the piece \(piece), found none; train one on text of your own"
        case .nothingToValidate(let pairs):
            "train: expected validation pairs that the model has positions for, found none among \(pairs); "
                + "take shorter ones or raise model.maximumLength"
        case .otherModel(let name, let differences):
            "train: expected the model to start from, \(name), as it is, found "
                + differences.map { "\($0.name) \($0.found) instead of \($0.expected)" }.joined(separator: ", ")
                + "; leave that as it is there, or start from random parameters"
        }
    }
}
