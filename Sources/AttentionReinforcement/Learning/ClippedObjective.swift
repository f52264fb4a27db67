public import AttentionTensors
public import AttentionTraining
import Glibc

/// The objective of proximal policy optimization, as a loss: with ρ_t = π(a_t | s_t) / π_old(a_t | s_t),
///
///     Σ_t  −min(ρ_t Â_t, clip(ρ_t, 1 − ε, 1 + ε) Â_t) + c₁ (V(s_t) − R̂_t)² / 2 − c₂ H(π(· | s_t))
///
/// Beyond 1 ± ε nothing is gained by going further, so several passes may be made over the same steps.
///
/// *Source:* Schulman et al. 2017, *Proximal Policy Optimization Algorithms*, eq. 7 and 9. The half is that of common implementations.
public struct ClippedObjective: Sendable, Hashable {
    /// ε.
    public var clip: Float
    /// c₁.
    public var valueWeight: Float
    /// c₂.
    public var entropyWeight: Float

    /// An objective with these weights.
    public init(clip: Float = 0.2, valueWeight: Float = 0.5, entropyWeight: Float = 0.01) {
        (self.clip, self.valueWeight, self.entropyWeight) = (clip, valueWeight, entropyWeight)
    }

    /// The steps that an objective judges, N of them.
    public struct Steps: Sendable {
        /// What was done.
        public var actions: [Int] = []
        /// ln π_old of it.
        public var logProbabilities: [Float] = []
        /// Â.
        public var advantages: [Float] = []
        /// R̂.
        public var returns: [Float] = []

        /// None.
        public init() {}
    }

    /// The sum over steps, with its parts: the loss of the policy, the squared errors of values, the entropy, the divergence ρ − 1 − ln ρ from the old
    /// policy (Schulman 2020), and the share of steps where ρ is clipped.
    ///
    /// - Parameters:
    ///   - logits: of each action now, [N, A].
    ///   - values: V now, [N].
    /// - Throws: `ShapeError` unless there are N of all.
    public func callAsFunction(logits: Tensor, values: Tensor, steps: Steps) throws(ShapeError) -> LossValue {
        let count = steps.actions.count
        guard logits.shape.rank == 2, logits.shape[0] == count, values.shape == [count],
            steps.logProbabilities.count == count, steps.advantages.count == count, steps.returns.count == count
        else {
            throw ShapeError(
                "ClippedObjective", expected: "logits [\(count), A], values [\(count)] and \(count) of all steps",
                found: "\(logits.shape), \(values.shape)")
        }
        let logs = try logits.logSoftmax()
        let chosen = try (logs * Tensor.oneHot(steps.actions, classCount: logits.shape[1])).sum(axis: 1)
        let ratios = (chosen - (try Tensor(steps.logProbabilities, shape: [count]))).exponential()
        let advantages = try Tensor(steps.advantages, shape: [count])
        let gains = minimum(ratios * advantages, ratios.clamped(to: 1 - clip...1 + clip) * advantages)
        let errors = values - (try Tensor(steps.returns, shape: [count]))
        let squares = (errors * errors).sum()
        let entropy = -(logs.exponential() * logs).sum()
        let policy = -gains.sum()
        return LossValue(
            total: policy + squares * (valueWeight / 2) - entropy * entropyWeight, weight: Double(count),
            parts: [
                "policy": policy.scalar, "value": squares.scalar, "entropy": entropy.scalar,
                "divergence": ratios.values.reduce(0) { $0 + $1 - 1 - log($1) },
                "clipped": Float(ratios.values.count { abs($0 - 1) > clip }),
            ])
    }
}
