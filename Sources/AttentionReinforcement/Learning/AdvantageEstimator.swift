/// How much better an action was than what was expected: generalised advantage estimation.
///
///     δ_t = r_t + γ V(s_{t+1}) − V(s_t)
///     Â_t = δ_t + γ λ Â_{t+1}        R̂_t = Â_t + V(s_t)
///
/// V of what follows the last step is 0 where the episode came to an end of its own, and what the policy expects where it was cut off.
///
/// *Source:* Schulman et al. 2016, *High-Dimensional Continuous Control Using Generalized Advantage Estimation*, eq. 16; R̂ as TD(λ) returns.
public struct AdvantageEstimator: Sendable, Hashable {
    /// γ, what a reward is worth a step later.
    public var discount: Float
    /// λ: 0 trusts V, 1 trusts what happened.
    public var trace: Float

    /// An estimator of these.
    public init(discount: Float, trace: Float) { (self.discount, self.trace) = (discount, trace) }

    /// Â and R̂ of every step of an episode.
    public func callAsFunction(_ episode: Episode) -> (advantages: [Float], returns: [Float]) {
        var advantages = [Float](repeating: 0, count: episode.count)
        var (following, advantage) = (episode.lastValue, Float(0))
        for step in advantages.indices.reversed() {
            let error = episode.rewards[step] + discount * following - episode.values[step]
            advantage = error + discount * trace * advantage
            advantages[step] = advantage
            following = episode.values[step]
        }
        return (advantages, zip(advantages, episode.values).map(+))
    }
}
