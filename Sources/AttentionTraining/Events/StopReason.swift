/// Why a training ended.
public enum StopReason: String, Sendable, Hashable, Codable, CustomStringConvertible {
    /// All updates have been made.
    case maximumUpdates
    /// The data have been seen as often as was asked.
    case maximumEpochs
    /// The time is up.
    case maximumMinutes
    /// Validation has not improved for too long.
    case earlyStopping
    /// What is trained is as good as was asked.
    case goalReached
    /// It was asked to stop, and can be resumed.
    case interrupted

    /// The reason in words.
    public var description: String {
        switch self {
        case .maximumUpdates: "all updates made"
        case .maximumEpochs: "all epochs seen"
        case .maximumMinutes: "time is up"
        case .earlyStopping: "validation no longer improves"
        case .goalReached: "the goal is reached"
        case .interrupted: "interrupted"
        }
    }
}
