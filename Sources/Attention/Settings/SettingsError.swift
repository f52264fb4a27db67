/// A setting was given that does not exist, or a value that does not fit it.
public enum SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such setting; the nearest that exists, if any is near.
    case unknown(String, nearest: String?)
    /// The name stands for several settings.
    case ambiguous(String, candidates: [String])
    /// The value is of the wrong kind.
    case wrongValue(String, expected: String, found: String)
    /// `key=value` was expected.
    case notAnAssignment(String)
    /// The file is not a JSON object of settings.
    case unreadable(String, reason: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "settings: there is no setting \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .ambiguous(let name, let candidates):
            "settings: \"\(name)\" could be \(candidates.joined(separator: " or ")); write it in full"
        case .wrongValue(let name, let expected, let found):
            "settings: expected \(name) to be \(expected), found \(found)"
        case .notAnAssignment(let text): "settings: expected key=value, found \"\(text)\""
        case .unreadable(let path, let reason): "settings: could not read \(path): \(reason)"
        }
    }
}
