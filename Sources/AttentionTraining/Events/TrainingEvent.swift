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
