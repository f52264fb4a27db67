/// What happened in an episode, or in as much of one as there was time for.
public struct Episode: Sendable {
    /// What was seen before each step, O numbers each.
    public var observations: [Float] = []
    /// What was done in each.
    public var actions: [Int] = []
    /// ln P of it under the policy that did it.
    public var logProbabilities: [Float] = []
    /// V of what was seen, by that policy.
    public var values: [Float] = []
    /// The reward of each step.
    public var rewards: [Float] = []
    /// V of what is seen at the end: 0 if the episode came to an end of its own.
    public var lastValue: Float = 0
    /// Whether the environment has ended it.
    public var isWhole = false

    /// Nothing yet.
    public init() {}

    /// How many steps there are.
    public var count: Int { actions.count }
    /// The sum of all rewards.
    public var totalReward: Float { rewards.reduce(0, +) }
}
