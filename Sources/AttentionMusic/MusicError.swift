public import AttentionFiles

/// Music that cannot be read, or that does not fit what is asked of it.
public enum MusicError: Error, Sendable, Hashable {
    /// The system refused.
    case file(FileError)
    /// The bytes are damaged, or not what `operation` reads.
    case malformed(operation: String, expected: String, found: String)
    /// A value that `operation` cannot be done with.
    case unfit(operation: String, expected: String, found: String, wayOut: String)
    /// There is more of it than is taken.
    case tooLarge(operation: String, limit: Int, unit: String, found: String)
}

extension MusicError: CustomStringConvertible {
    /// One sentence: the operation, what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let operation, let expected, let found):
            "\(operation): expected \(expected), found \(found); "
                + "the file is damaged or of another kind: copy it again, or take another"
        case .unfit(let operation, let expected, let found, let wayOut):
            "\(operation): expected \(expected), found \(found); \(wayOut)"
        case .tooLarge(let operation, let limit, let unit, let found):
            "\(operation): expected at most \(limit) \(unit), found \(found); make it shorter first"
        }
    }
}
