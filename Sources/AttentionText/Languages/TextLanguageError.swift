/// Why a text cannot be held to a pattern or a schema.
public enum TextLanguageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A pattern that no automaton can follow.
    case badPattern(String, reason: String, position: Int)
    /// A schema that is no JSON.
    case noJSON(reason: String)
    /// A word of JSON Schema that is not known here.
    case unknownWord(String, at: String, nearest: String?)
    /// A word of JSON Schema that says something other than it can.
    case unfit(String, at: String, expected: String, found: String)
    /// There is no text at all that fits.
    case impossible
    /// The tokens cannot spell any text that fits.
    case unspellable
    /// More would have to be kept in mind than is sensible.
    case tooLarge(limit: Int)

    /// A sentence that says what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .badPattern(let pattern, let reason, let position):
            "regex: expected a regular expression that needs no backtracking, found \(reason) at character \(position) of \"\(pattern)\"; "
                + "write it in another way"
        case .noJSON(let reason): "json-schema: \(reason); correct the schema"
        case .unknownWord(let word, let place, let nearest):
            "json-schema: expected words that are kept here, found \"\(word)\" at \(place); "
                + (nearest.map { "did you mean \"\($0)\"?" } ?? "leave it out, and check the answer for it")
        case .unfit(let word, let place, let expected, let found):
            "json-schema: expected \(expected) as \"\(word)\" at \(place), found \(found); correct the schema"
        case .impossible:
            "constraint: expected a pattern or schema that some text fits, found one that none does; loosen it"
        case .unspellable:
            "constraint: expected tokens that can spell a text that fits, found that this model's cannot; "
                + "loosen the constraint, or take a model whose vocabulary has all bytes"
        case .tooLarge(let limit):
            "constraint: expected a pattern or schema of at most \(limit) steps, found a larger one; use smaller counts"
        }
    }
}
