public import AttentionFiles

/// A picture, sound or array that cannot be read, or that does not fit what is asked of it.
public enum SignalError: Error, Sendable, Hashable {
    /// The system refused.
    case file(FileError)
    /// The bytes are damaged, or not what `operation` reads.
    case malformed(operation: String, expected: String, found: String)
    /// The bytes are sound, but of a sort that is not read here.
    case unsupported(operation: String, expected: String, found: String, wayOut: String)
    /// There is more of it than the caller allows; no memory was asked for.
    case tooLarge(operation: String, limit: Int, unit: String, found: String)
    /// A value that `operation` cannot be done with.
    case unfit(operation: String, expected: String, found: String, wayOut: String)
}

extension SignalError: CustomStringConvertible {
    /// One sentence: the operation, what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let operation, let expected, let found):
            "\(operation): expected \(expected), found \(found); "
                + "the file is damaged or of another kind: copy it again, or take another"
        case .unsupported(let operation, let expected, let found, let wayOut),
            .unfit(let operation, let expected, let found, let wayOut):
            "\(operation): expected \(expected), found \(found); \(wayOut)"
        case .tooLarge(let operation, let limit, let unit, let found):
            "\(operation): expected at most \(limit) \(unit), found \(found); raise the limit, or make it smaller first"
        }
    }
}
