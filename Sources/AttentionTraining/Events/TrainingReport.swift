/// The state of a training after some update.
public struct TrainingReport: Sendable, Hashable {
    /// How many updates have been made.
    public var update: Int
    /// The epoch being read, from 0.
    public var epoch: Int
    /// The mean loss since the last report.
    public var loss: Double
    /// The means of its named parts since then.
    public var parts: [String: Double] = [:]
    /// The rate of the last update.
    public var learningRate: Float
    /// The norm of the last update's gradient, before clipping.
    public var gradientNorm: Float
    /// What losses are summed over (target tokens, examples) per second of training since the last report.
    public var weightPerSecond: Double
    /// How long training has taken so far, over all runs.
    public var seconds: Double
    /// How long it will take at the most, if it goes on like this; nil without limits.
    public var secondsLeft: Double?
}

extension TrainingReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case update, epoch, loss, parts, learningRate, gradientNorm
        // What logs call it since losses were always those of tokens.
        case weightPerSecond = "tokensPerSecond"
        case seconds, secondsLeft
    }

    /// As in the log; parts are named only where a loss has some.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(update, forKey: .update)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(loss, forKey: .loss)
        try container.encodeIfPresent(parts.isEmpty ? nil : parts, forKey: .parts)
        try container.encode(learningRate, forKey: .learningRate)
        try container.encode(gradientNorm, forKey: .gradientNorm)
        try container.encode(weightPerSecond, forKey: .weightPerSecond)
        try container.encode(seconds, forKey: .seconds)
        try container.encodeIfPresent(secondsLeft, forKey: .secondsLeft)
    }

    /// A report as it stands in the log.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        update = try container.decode(Int.self, forKey: .update)
        epoch = try container.decode(Int.self, forKey: .epoch)
        loss = try container.decode(Double.self, forKey: .loss)
        parts = try container.decodeIfPresent([String: Double].self, forKey: .parts) ?? [:]
        learningRate = try container.decode(Float.self, forKey: .learningRate)
        gradientNorm = try container.decode(Float.self, forKey: .gradientNorm)
        weightPerSecond = try container.decode(Double.self, forKey: .weightPerSecond)
        seconds = try container.decode(Double.self, forKey: .seconds)
        secondsLeft = try container.decodeIfPresent(Double.self, forKey: .secondsLeft)
    }
}
