import AttentionFiles

/// How texts that are too long become windows.
public struct Truncation: Sendable, Equatable {
    /// Which of two texts gives way.
    public enum Strategy: String, Sendable {
        case longestFirst = "LongestFirst"
        case onlyFirst = "OnlyFirst"
        case onlySecond = "OnlySecond"
    }

    /// The end at which text is cut off.
    public enum Direction: String, Sendable {
        case left = "Left"
        case right = "Right"
    }

    /// How many tokens a window may have, special tokens included.
    public let maximumLength: Int
    /// How many tokens a window repeats of the one before it.
    public let stride: Int
    public let strategy: Strategy
    public let direction: Direction

    /// - Precondition: `maximumLength` and `stride` are not negative.
    public init(
        maximumLength: Int, stride: Int = 0, strategy: Strategy = .longestFirst, direction: Direction = .right
    ) {
        precondition(
            maximumLength >= 0 && stride >= 0,
            "truncation: expected lengths of 0 or more, found \(maximumLength) and the stride \(stride)")
        self.maximumLength = maximumLength
        self.stride = stride
        self.strategy = strategy
        self.direction = direction
    }

    init(_ fields: StageFields) throws(TokenizerError) {
        maximumLength = try fields.count("max_length")
        stride = try fields.count("stride", default: 0)
        guard let strategy = Strategy(rawValue: try fields.string("strategy", default: "LongestFirst")) else {
            throw fields.error("strategy", expected: "LongestFirst, OnlyFirst or OnlySecond")
        }
        guard let direction = Direction(rawValue: try fields.string("direction", default: "Right")) else {
            throw fields.error("direction", expected: "Left or Right")
        }
        (self.strategy, self.direction) = (strategy, direction)
    }

    var json: JSONValue {
        .object([
            JSONMember("direction", .string(direction.rawValue)),
            JSONMember("max_length", .number(JSONNumber(maximumLength))),
            JSONMember("strategy", .string(strategy.rawValue)), JSONMember("stride", .number(JSONNumber(stride))),
        ])
    }
}
