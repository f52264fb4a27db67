package import AttentionLayers
package import AttentionTensors
package import AttentionTraining

/// A network that sees only what it looks at: after each glimpse it decides where to look next, and after the last what the digit is.
///
///     g_t = relu(W_x relu(W_ρ ρ(x, l_t)) + W_l relu(W_λ l_t))
///     h_t = relu(W_h h_{t−1} + W_g g_t)
///     l_{t+1} ~ N(tanh(W_m h_t), σ²),   p(digit) = softmax(W_a h_T)
///
/// Where to look is learnt by REINFORCE: R = 1 if the digit was found, less what was expected, b_t = w · h_t.
///
/// *Source:* Mnih, Heess, Graves & Kavukcuoglu 2014, *Recurrent Models of Visual Attention*, sec. 3.
package struct GlimpseNetwork: Module {
    /// W_ρ, from what is seen.
    package var seen: Linear
    /// W_λ, from where it is.
    package var place: Linear
    /// W_x and W_l.
    package var seenToGlimpse, placeToGlimpse: Linear
    /// W_h and W_g.
    package var state, glimpse: Linear
    /// W_m.
    package var next: Linear
    /// W_a.
    package var digit: Linear
    /// w.
    package var baseline: Linear
    /// ρ.
    package let sensor: GlimpseSensor
    /// T, how many glimpses there are.
    package let glimpseCount: Int
    /// σ, how far from where it wants to look it does.
    package let deviation: Float

    /// A network drawn from `key`; sizes are the paper's unless given.
    package init(
        sensor: GlimpseSensor, glimpseCount: Int, deviation: Float = 0.15, narrowSize: Int = 128, wideSize: Int = 256,
        key: RandomKey
    ) {
        seen = Linear(sensor.count, narrowSize, key: key[0])
        place = Linear(2, narrowSize, key: key[1])
        seenToGlimpse = Linear(narrowSize, wideSize, key: key[2])
        placeToGlimpse = Linear(narrowSize, wideSize, key: key[3])
        state = Linear(wideSize, wideSize, key: key[4])
        glimpse = Linear(wideSize, wideSize, key: key[5])
        next = Linear(wideSize, 2, key: key[6])
        digit = Linear(wideSize, 10, key: key[7])
        baseline = Linear(wideSize, 1, key: key[8])
        (self.sensor, self.glimpseCount, self.deviation) = (sensor, glimpseCount, deviation)
    }

    /// What a batch of scenes was looked at like.
    package struct Gaze: Sendable {
        /// Where each glimpse was, [T][B], from −1 to 1.
        package let places: [[SIMD2<Float>]]
        /// What the digit is, [B, 10].
        package let logits: Tensor
        /// ln N(l_t; tanh(W_m h_{t−1}), σ²) for each glimpse but the first, [B, T − 1].
        package let logProbabilities: Tensor?
        /// b_t for the same, [B, T − 1].
        package let baselines: Tensor?
    }

    /// Looks at scenes: from the middle outwards; with a key, at places drawn as in training, without, where it wants to.
    package func look(at scenes: [DigitScene], key: RandomKey? = nil) throws(ShapeError) -> Gaze {
        let count = scenes.count
        var places = [[SIMD2<Float>]](repeating: [SIMD2<Float>](repeating: .zero, count: count), count: 1)
        var generator = key?.generator()
        if generator != nil {
            // Training begins anywhere, so that the network learns to find what it does not see.
            places[0] = (0..<count).map { _ in
                SIMD2(2 * (generator?.nextUniform() ?? 0.5) - 1, 2 * (generator?.nextUniform() ?? 0.5) - 1)
            }
        }
        var hidden = Tensor.zeros([count, state.weight.shape[0]])
        var (logProbabilities, baselines): ([Tensor], [Tensor]) = ([], [])
        for step in 0..<glimpseCount {
            let here = places[step]
            let there = try Tensor(here.flatMap { [$0.x, $0.y] }, shape: [count, 2])
            let what = try seenToGlimpse(try seen(try sensor(scenes, at: here), activation: .relu))
            let glimpsed = (what + (try placeToGlimpse(try place(there, activation: .relu)))).relu()
            hidden = ((try state(hidden)) + (try glimpse(glimpsed))).relu()
            guard step + 1 < glimpseCount else { break }
            // Only the place is learnt through what is drawn; what was seen is learnt through the answer.
            let seenSoFar = hidden.detached()
            let mean = try next(seenSoFar, activation: .tanh)
            baselines.append(try baseline(seenSoFar))
            var wanted = mean.values
            if generator != nil {
                for index in wanted.indices { wanted[index] += deviation * (generator?.nextNormal() ?? 0) }
            }
            let miss = (try Tensor(wanted, shape: [count, 2])) - mean
            let exponent = try (miss * miss).sum(axis: 1, keepingAxis: true) * (-0.5 / (deviation * deviation))
            logProbabilities.append(exponent)
            places.append(
                (0..<count).map {
                    SIMD2(min(max(wanted[2 * $0], -1), 1), min(max(wanted[2 * $0 + 1], -1), 1))
                })
        }
        return Gaze(
            places: places, logits: try digit(hidden),
            logProbabilities: logProbabilities.isEmpty ? nil : try concatenated(logProbabilities, axis: 1),
            baselines: baselines.isEmpty ? nil : try concatenated(baselines, axis: 1))
    }

    /// The summed loss of scenes: −ln P(digit) − Σ_t (R − b_t) ln p(l_t) + Σ_t (R − b_t)², each glimpse counting one part of them.
    package func loss(_ scenes: [DigitScene], key: RandomKey) throws(ShapeError) -> LossValue {
        let gaze = try look(at: scenes, key: key)
        let digits = scenes.map { $0.digits[0] }
        let named = try gaze.logits.crossEntropy(targets: digits)
        let weight = Double(scenes.count)
        let rewards = zip(gaze.logits.indicesOfMaximum(), digits).map { $0 == $1 ? Float(1) : 0 }
        let found = rewards.reduce(0, +)
        guard let chances = gaze.logProbabilities, let expected = gaze.baselines else {
            return LossValue(total: named, weight: weight, parts: ["found": found])
        }
        let reward = try Tensor(rewards, shape: [scenes.count, 1])
        let surprise = reward - expected  // [B, T − 1]
        let share = 1 / Float(glimpseCount - 1)
        let chosen = (surprise.detached() * chances).sum() * -share
        let judged = (surprise * surprise).sum() * share
        return LossValue(
            total: named + chosen + judged, weight: weight,
            parts: ["found": found, "named": named.scalar, "judged": judged.scalar])
    }

    /// `seen`, `place`, `seen_to_glimpse`, `place_to_glimpse`, `state`, `glimpse`, `next`, `digit` and `baseline`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try seen.visit(&visitor, path / "seen")
        try place.visit(&visitor, path / "place")
        try seenToGlimpse.visit(&visitor, path / "seen_to_glimpse")
        try placeToGlimpse.visit(&visitor, path / "place_to_glimpse")
        try state.visit(&visitor, path / "state")
        try glimpse.visit(&visitor, path / "glimpse")
        try next.visit(&visitor, path / "next")
        try digit.visit(&visitor, path / "digit")
        try baseline.visit(&visitor, path / "baseline")
    }
}
