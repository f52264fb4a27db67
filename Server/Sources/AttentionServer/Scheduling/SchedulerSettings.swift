public import Attention

/// How much is computed at once and how precisely, how much may wait, and for how long.
public struct SchedulerSettings: Sendable, Hashable {
    /// How many rows are computed together at most.
    public var batchRows = 32
    /// How many tokens these have at most, unless one row alone has more.
    public var batchTokens = 16_384
    /// How long the first of a batch waits for others at most.
    public var batchWait = Duration.milliseconds(3)
    /// How many batches are computed beside one another.
    public var width = 1
    /// How many tokens all of these have at most, unless one alone has more.
    public var runningTokens = Int.max
    /// How precisely it is computed.
    public var precision = Precision.float32
    /// How many rows may wait.
    public var queuedRows = 2048
    /// How many tokens these may have.
    public var queuedTokens = 1_048_576
    /// How long a request may wait before it is computed.
    public var queueDeadline = Duration.seconds(10)

    /// The defaults.
    public init() {}
}
