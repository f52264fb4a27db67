/// Acting, or learning to act, is not possible so.
public enum ReinforcementError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no action of this number.
    case noSuchAction(Int, count: Int)
    /// The episode has ended.
    case finished
    /// A folder holds no policy that can be used.
    case badPolicy(folder: String, reason: String)
    /// A policy is for another environment.
    case otherEnvironment(folder: String, expected: String, found: String)
    /// A checkpoint cannot be gone on from.
    case unfitCheckpoint(path: String, expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noSuchAction(let action, let count):
            "step: expected an action from 0 to \(count - 1), found \(action)"
        case .finished:
            "step: expected an episode that goes on, found one that has ended; reset the environment first"
        case .badPolicy(let folder, let reason):
            "policy: expected a folder that attend train policy left, found \(folder): \(reason)"
        case .otherEnvironment(let folder, let expected, let found):
            "policy: expected one for \(expected), found \(folder) to be one for \(found); play \(found), or take another policy"
        case .unfitCheckpoint(let path, let expected, let found):
            "resume: expected \(expected) in \(path), found \(found); "
                + "resume with what it was made with, or start a new training in another directory"
        }
    }
}

/// An environment, a policy or its course cannot be like that.
public struct UnfitSetting: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which setting.
    public let name: String
    /// What would do.
    public let expected: String
    /// What was asked for.
    public let found: String

    init(_ name: String, expected: String, found: String) {
        (self.name, self.expected, self.found) = (name, expected, found)
    }

    /// The whole sentence.
    public var description: String { "settings: expected \(name) to be \(expected), found \(found)" }
}
