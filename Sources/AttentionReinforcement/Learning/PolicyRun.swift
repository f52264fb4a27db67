public import AttentionTensors

/// An episode that a policy plays step by step, to be watched.
public struct PolicyRun<Acting: Policy> {
    /// The environment as it is now.
    public private(set) var environment: any Environment
    /// How many steps have been made.
    public private(set) var stepCount = 0
    /// The sum of rewards so far.
    public private(set) var totalReward: Float = 0
    /// Whether the episode has ended.
    public private(set) var isOver = false
    private let policy: Acting
    private let choice: ActionChoice
    private var recollection: Acting.Recollection
    private var generator: RandomGenerator

    /// What was done in a step, and why.
    public struct Move: Sendable {
        /// The action.
        public let action: Int
        /// π of all actions.
        public let probabilities: [Float]
        /// V.
        public let value: Float
        /// Where the policy looked, the mean of its heads: by objects, or by the steps of this episode from its first.
        public let gaze: Gaze?
    }

    /// Where a policy looked.
    public enum Gaze: Sendable, Hashable {
        /// At each object, in the order of the layout.
        case objects([Float])
        /// At each step of the episode from its first to this one.
        case steps([Float])
    }

    /// An episode that begins.
    public init(of policy: Acting, in environment: any Environment, choice: ActionChoice, key: RandomKey) throws {
        (self.policy, self.environment, self.choice) = (policy, environment, choice)
        self.environment.reset(key: key[0])
        recollection = try policy.begin(1)
        generator = key[1].generator()
    }

    /// The next step; nil when the episode has ended.
    public mutating func next() throws -> Move? {
        guard !isOver else { return nil }
        let seen = try Tensor(environment.observation, shape: [1, environment.layout.size])
        let output = try policy.step(seen, &recollection, begins: [stepCount == 0])
        let action = choice(output.logits, &generator).actions[0]
        let outcome = try environment.step(action)
        stepCount += 1
        totalReward += outcome.reward
        isOver = outcome.isLast
        return Move(
            action: action, probabilities: try output.logits.softmax().values, value: output.values.values[0],
            gaze: try output.gaze.map(Self.gaze))
    }

    private static func gaze(_ gaze: PolicyGaze) throws -> Gaze {
        switch gaze {
        case .objects(let weights): .objects(try weights.mean(axis: 1).values)
        case .steps(let weights, let begins): .steps(Array(try weights.mean(axis: 1).values.dropFirst(begins[0])))
        }
    }
}

extension PolicyRun {
    /// The return and length of each of so many episodes.
    public static func results(
        of policy: Acting, in environment: any Environment, episodeCount: Int, choice: ActionChoice, key: RandomKey
    ) throws -> [EpisodeResult] {
        try Parallel.map(episodeCount) { episode in
            var run = try PolicyRun(of: policy, in: environment, choice: choice, key: key[episode])
            while try run.next() != nil {}
            return run.result
        }
    }

    /// How it has gone so far.
    public var result: EpisodeResult {
        EpisodeResult(
            totalReward: totalReward, stepCount: stepCount, isSuccess: totalReward >= environment.successReturn)
    }
}

/// How an episode went.
public struct EpisodeResult: Sendable, Hashable, Codable {
    /// The sum of its rewards.
    public let totalReward: Float
    /// How many steps it took.
    public let stepCount: Int
    /// Whether that counts as a success.
    public let isSuccess: Bool
}
