/// A setting was given that does not exist, or a value that does not fit it.
public enum SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such setting; the nearest that exists, if any is near.
    case unknown(String, nearest: String?)
    /// The name stands for several settings.
    case ambiguous(String, candidates: [String])
    /// The value does not fit; the nearest that does, if any is near.
    case wrongValue(String, expected: String, found: String, nearest: String? = nil)
    /// `key=value` was expected.
    case notAnAssignment(String)
    /// The file is not a JSON object of settings.
    case unreadable(String, reason: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .unknown(let name, let nearest):
            "settings: there is no setting \"\(name)\""
                + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .ambiguous(let name, let candidates):
            "settings: \"\(name)\" could be \(candidates.joined(separator: " or ")); write it in full"
        case .wrongValue(let name, let expected, let found, let nearest):
            "settings: expected \(name) to be \(expected), found \(found)"
                + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .notAnAssignment(let text):
            "settings: expected key=value, found \"\(text)\"; write, for example, dropout=0.1"
        case .unreadable(let path, let reason): "settings: could not read \(path): \(reason)"
        }
    }
}
