import AttentionTensors

/// How a policy learns: proximal policy optimization (Schulman et al. 2017, algorithm 1).
///
/// An iteration plays all environments from new beginnings, for so many steps each, and then goes over what happened several times in minibatches. So all
/// that the next iteration depends on is the policy, what the optimizer remembers, and the iteration's number.
public struct PolicyCourse: Sendable, Hashable, Codable {
    /// N, environments side by side.
    public var environmentCount: Int
    /// T, steps that each is played in an iteration; of policies with memory no episode that is longer is seen to its end.
    public var stepCount: Int
    /// K, passes over what happened.
    public var epochCount: Int
    /// Steps of a minibatch; of policies with memory the steps of as many whole episodes as make that many.
    public var batchSize: Int
    /// Iterations after which training ends.
    public var iterationCount: Int
    /// The mean return of the last hundred whole episodes of an iteration with which training ends before.
    public var goal: Float
    /// γ.
    public var discount: Float = 0.99
    /// λ.
    public var trace: Float = 0.95
    /// ε.
    public var clip: Float = 0.2
    /// c₁. Returns of hundreds want a small one: the squares of their errors would drown everything else in what both heads share.
    public var valueWeight: Float
    /// c₂.
    public var entropyWeight: Float
    /// The learning rate of the first iteration; it falls to 0 in a straight line.
    public var rate: Float
    /// The norm gradients are cut to.
    public var clippingNorm: Float = 0.5
    /// Iterations between checkpoints.
    public var checkpointInterval: Int = 10

    /// What has been found to do for an environment.
    public init(_ name: EnvironmentName) {
        switch name {
        case .cartPole:
            (environmentCount, stepCount, epochCount, batchSize, iterationCount) = (8, 500, 10, 250, 40)
            (goal, entropyWeight, rate, valueWeight) = (490, 0.01, 1e-3, 0.01)
        case .keyToDoor:
            (environmentCount, stepCount, epochCount, batchSize, iterationCount) = (64, 50, 4, 800, 120)
            (goal, entropyWeight, rate, valueWeight) = (1, 0.01, 3e-3, 0.5)
        case .memoryMaze:
            (environmentCount, stepCount, epochCount, batchSize, iterationCount) = (64, 151, 4, 800, 100)
            (goal, entropyWeight, rate, valueWeight) = (0.97, 0.001, 3e-3, 0.5)
        }
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(UnfitSetting) {
        for (name, value) in [
            ("environmentCount", environmentCount), ("stepCount", stepCount), ("epochCount", epochCount),
            ("batchSize", batchSize), ("iterationCount", iterationCount), ("checkpointInterval", checkpointInterval),
        ] where !(1...1_000_000 ~= value) {
            throw UnfitSetting("course.\(name)", expected: "from 1 to 1000000", found: "\(value)")
        }
        for (name, value) in [("discount", discount), ("trace", trace)] where !(0...1 ~= value) {
            throw UnfitSetting("course.\(name)", expected: "from 0 to 1", found: "\(value)")
        }
        for (name, value) in [("clip", clip), ("rate", rate), ("clippingNorm", clippingNorm)]
        where !(value > 0 && value.isFinite) {
            throw UnfitSetting("course.\(name)", expected: "above 0", found: "\(value)")
        }
        for (name, value) in [("valueWeight", valueWeight), ("entropyWeight", entropyWeight)]
        where !(value >= 0 && value.isFinite) {
            throw UnfitSetting("course.\(name)", expected: "at least 0", found: "\(value)")
        }
    }
}
