package import AttentionLayers
package import AttentionMechanisms
package import AttentionTensors
package import AttentionVariants

/// One that sees a single place, drawn while it learns, the likeliest afterwards. Where to look is learnt by REINFORCE:
///
///     ∇ = Σ_t (R_t − b_t) ∇ ln α_t,place + w_e ∇ H(α_t),   R_t = Σ_{s ≥ t} ln P(word_s),   b_t = w · h_t + c
///
/// Every other look of the training, by chance, sees the expectation instead, which makes the estimate scatter less.
///
/// *Source:* Xu et al. 2015, sec. 4.1. What differs: a look is rewarded by what follows it alone, since what was told before does not depend on it; the
/// baseline is learnt, where the paper has a moving average; and chance decides for each look by itself, where in the paper it does for all of a picture.
package struct DrawnLook: Look {
    /// w and c.
    package var baseline: Linear
    /// w_e.
    package let entropyWeight: Float
    /// How much the baseline's errors count.
    private static let baselineWeight: Float = 0.02

    /// A look of states of this size, drawn from `key`.
    package init(stateSize: Int, entropyWeight: Float = 0.01, key: RandomKey) {
        baseline = Linear(stateSize, 1, key: key)
        self.entropyWeight = entropyWeight
    }

    package func glance(
        _ state: Tensor, _ places: Memory, by attention: SpatialSoftAttention, training key: RandomKey?
    ) throws(ShapeError) -> Glance {
        let states = state.unsqueezed(axis: 1)
        guard let key else { return try Glance(try attention(states, places, normalizer: .hardmax)) }
        let (batch, size) = (state.shape[0], places.valueShape[3])
        let sample = try AttentionMechanism(score: attention.score)
            .sample(states.unsqueezed(axis: 1), places, key: key[0])
        let isShown: [Float] = Tensor.uniform([batch], in: 0...1, key: key[1]).values.map { $0 < 0.5 ? 0 : 1 }
        let shown = try Tensor(isShown, shape: [batch, 1])
        let expectation = try weightedSums(sample.weights, of: places.values).reshaped(to: [batch, size])
        let drawn = try sample.context.reshaped(to: [batch, size])
        let gate = try attention.gate(of: states).reshaped(to: [batch, 1])
        return Glance(
            seen: gate * (shown * drawn + (1 - shown) * expectation),
            weights: try sample.weights.reshaped(to: [batch, places.keyCount]), gate: gate,
            draw: Glance.Draw(
                sample: sample, isShown: isShown,
                // What is expected must not change what it is expected of.
                expected: try baseline(state.detached())))
    }

    package func cost(of glances: [Glance], _ told: ToldCaptions) throws(ShapeError) -> Tensor? {
        var cost: Tensor?
        var rewards = [Float](repeating: 0, count: told.isWord.first?.count ?? 0)
        let logProbabilities = try told.logProbabilities()
        for step in glances.indices.reversed() {
            rewards = zip(rewards, logProbabilities[step]).map { $0 + $1 }
            guard let draw = glances[step].draw else { continue }
            let isWord = try Tensor(told.isWord[step], shape: [rewards.count, 1])
            let surprise = (try Tensor(rewards, shape: [rewards.count, 1]) - draw.expected) * isWord
            let shown = try Tensor(draw.isShown, shape: [rewards.count, 1])
            let chosen = try draw.sample.surrogate(
                reward: (surprise * shown).reshaped(to: [rewards.count, 1, 1])
            ).sum()
            let entropy = try (draw.sample.entropy.reshaped(to: [rewards.count, 1]) * isWord).sum()
            let judged = (surprise * surprise).sum()
            let here = judged * Self.baselineWeight - chosen - entropy * entropyWeight
            cost = cost.map { $0 + here } ?? here
        }
        return cost
    }

    /// `baseline`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try baseline.visit(&visitor, path / "baseline")
    }
}
