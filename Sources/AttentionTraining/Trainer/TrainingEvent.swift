/// What a training tells its observer, and its log.
public enum TrainingEvent: Sendable, Hashable {
    /// Some more updates have been made.
    case progress(TrainingReport)
    /// The model has been validated.
    case validation(Validation)
    /// A checkpoint has been saved; not in the log.
    case checkpoint(path: String, update: Int)
    /// Training has ended.
    case stopped(StopReason, update: Int)
}

/// The state of a training after some update.
public struct TrainingReport: Sendable, Hashable, Codable {
    /// How many updates have been made.
    public var update: Int
    /// The epoch being read, from 0.
    public var epoch: Int
    /// The mean loss per target token since the last report.
    public var loss: Double
    /// The rate of the last update.
    public var learningRate: Float
    /// The norm of the last update's gradient, before clipping.
    public var gradientNorm: Float
    /// Target tokens per second of training since the last report.
    public var tokensPerSecond: Double
    /// How long training has taken so far, over all runs.
    public var seconds: Double
    /// How long it will take at the most, if it goes on like this; nil without limits.
    public var secondsLeft: Double?
}

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
    /// It was asked to stop, and can be resumed.
    case interrupted

    /// The reason in words.
    public var description: String {
        switch self {
        case .maximumUpdates: "all updates made"
        case .maximumEpochs: "all epochs seen"
        case .maximumMinutes: "time is up"
        case .earlyStopping: "validation no longer improves"
        case .interrupted: "interrupted"
        }
    }
}

extension TrainingEvent: Codable {
    private enum Key: String, CodingKey {
        case event, path, update, reason
    }

    private enum Kind: String, Codable {
        case progress, validation, checkpoint, stopped
    }

    /// One flat object, as in the log: `{"event": "validation", "update": 500, "loss": 2.1, "metrics": {}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .progress(let report):
            try container.encode(Kind.progress, forKey: .event)
            try report.encode(to: encoder)
        case .validation(let validation):
            try container.encode(Kind.validation, forKey: .event)
            try validation.encode(to: encoder)
        case .checkpoint(let path, let update):
            try container.encode(Kind.checkpoint, forKey: .event)
            try container.encode(path, forKey: .path)
            try container.encode(update, forKey: .update)
        case .stopped(let reason, let update):
            try container.encode(Kind.stopped, forKey: .event)
            try container.encode(reason, forKey: .reason)
            try container.encode(update, forKey: .update)
        }
    }

    /// An event as it stands in the log.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .event) {
        case .progress: self = .progress(try TrainingReport(from: decoder))
        case .validation: self = .validation(try Validation(from: decoder))
        case .checkpoint:
            self = .checkpoint(
                path: try container.decode(String.self, forKey: .path),
                update: try container.decode(Int.self, forKey: .update))
        case .stopped:
            self = .stopped(
                try container.decode(StopReason.self, forKey: .reason),
                update: try container.decode(Int.self, forKey: .update))
        }
    }
}
