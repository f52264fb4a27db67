/// A fine-tuning that cannot begin: its data, its folder or its model do not fit.
public enum FineTuningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A place of a data file holds something else.
    case badData(String, expected: String, found: String)
    /// The answer to a question does not stand in its context where the file says.
    case badAnswer(String, start: Int, question: String, place: String)
    /// There is nothing to learn from, or nothing to choose the best model by.
    case noExamples(of: String)
    /// An example to choose the best model by is of a class that no example to learn from is of.
    case unknownLabel(String, example: String, nearest: String?)
    /// All examples are of one class.
    case oneLabel(String)
    /// The tokenizer makes nothing of the words of an example.
    case noPieces(String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .badData(let place, let expected, let found): "\(place): expected \(expected), found \(found)"
        case .badAnswer(let text, let start, let question, let place):
            "\(place): expected the answer \"\(text)\" to question \(question) at character \(start) of its context, found other text; "
                + "answer_start counts Unicode code points from 0"
        case .noExamples(let part): "train: expected at least one \(part) example, found none"
        case .unknownLabel(let label, let example, let nearest):
            "train: expected the classes of the training data in the validation data, found \"\(label)\" for \"\(example)\""
                + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; name it in both, or in neither")
        case .oneLabel(let label): "train: expected examples of at least two classes, found only \"\(label)\""
        case .noPieces(let words): "train: expected words that the tokenizer can spell, found \"\(words)\""
        }
    }
}
