/// What rewards are compared with when hard attention is trained: their exponential moving average, b ← d b + (1 − d) mean R.
///
/// A baseline changes nothing of what the estimator estimates, only how far it scatters.
///
/// *Source:* Xu et al. 2015, *Show, Attend and Tell*, sec. 4.1 (there d = 0.9).
public struct MovingBaseline: Sendable, Hashable {
    /// d, from 0 to 1.
    public let decay: Float
    /// b; 0 before the first update.
    public private(set) var value: Float = 0
    private var hasBegun = false

    /// A baseline that keeps `decay` of itself in each update.
    /// - Precondition: 0 ≤ decay ≤ 1.
    public init(decay: Float = 0.9) {
        precondition((0...1).contains(decay), "MovingBaseline: expected a decay of 0 … 1, found \(decay)")
        self.decay = decay
    }

    /// Takes the rewards of one step into account; the first ones become the baseline as they are.
    public mutating func update(with rewards: [Float]) {
        guard !rewards.isEmpty else { return }
        let mean = rewards.reduce(0, +) / Float(rewards.count)
        value = hasBegun ? decay * value + (1 - decay) * mean : mean
        hasBegun = true
    }
}
