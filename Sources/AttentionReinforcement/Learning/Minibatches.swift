import AttentionTensors
import AttentionTraining

/// What a policy learns from at once: episodes, or single steps as episodes of one step each.
struct Minibatch: Sendable {
    /// What was seen, [B, T, O].
    let observations: Tensor
    /// Which of the B T steps are real, row by row.
    let places: [Int]
    /// What was done in them.
    let steps: ClippedObjective.Steps

    /// Episodes of known advantages, padded to the longest.
    init(_ episodes: [JudgedEpisode], observationSize: Int) throws(ShapeError) {
        let length = episodes.reduce(0) { max($0, $1.episode.count) }
        var (observations, places, steps) = ([Float](), [Int](), ClippedObjective.Steps())
        for (row, judged) in episodes.enumerated() {
            let episode = judged.episode
            observations += episode.observations
            observations += [Float](repeating: 0, count: (length - episode.count) * observationSize)
            places += row * length..<row * length + episode.count
            steps.actions += episode.actions
            steps.logProbabilities += episode.logProbabilities
            steps.advantages += judged.advantages
            steps.returns += judged.returns
        }
        self.observations = try Tensor(observations, shape: [episodes.count, length, observationSize])
        (self.places, self.steps) = (places, steps)
    }

    /// The loss under a policy.
    func loss(_ policy: some Policy, _ objective: ClippedObjective) throws(ShapeError) -> LossValue {
        let output = try policy.read(observations)
        let count = observations.shape[0] * observations.shape[1]
        let logits = try output.logits.reshaped(to: [count, output.logits.shape[2]])
        let values = try output.values.reshaped(to: [count])
        guard places.count < count else { return try objective(logits: logits, values: values, steps: steps) }
        return try objective(
            logits: logits.selecting(places), values: values.selecting(places), steps: steps)
    }
}

/// An episode and how good its actions were.
struct JudgedEpisode: Sendable {
    var episode: Episode
    var advantages: [Float]
    var returns: [Float]

    /// Each step as an episode of its own.
    func singleSteps(observationSize: Int) -> [JudgedEpisode] {
        (0..<episode.count).map { step in
            var single = Episode()
            single.observations = Array(
                episode.observations[step * observationSize..<(step + 1) * observationSize])
            single.actions = [episode.actions[step]]
            single.logProbabilities = [episode.logProbabilities[step]]
            single.values = [episode.values[step]]
            return JudgedEpisode(episode: single, advantages: [advantages[step]], returns: [returns[step]])
        }
    }
}

extension [JudgedEpisode] {
    /// The episodes of a rollout, their advantages brought to mean 0 and deviation 1 over all steps.
    init(_ rollout: Rollout, _ estimator: AdvantageEstimator) {
        self = rollout.episodes.map { episode in
            let (advantages, returns) = estimator(episode)
            return JudgedEpisode(episode: episode, advantages: advantages, returns: returns)
        }
        let all = flatMap(\.advantages).map(Double.init)
        let mean = all.reduce(0, +) / Double(Swift.max(1, all.count))
        let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(1, all.count))
        let scale = 1 / (variance.squareRoot() + 1e-8)
        for index in indices {
            self[index].advantages = self[index].advantages.map { Float((Double($0) - mean) * scale) }
        }
    }

    /// Minibatches of about so many steps, in an order drawn anew.
    func minibatches(of batchSize: Int, key: RandomKey) -> [[JudgedEpisode]] {
        var generator = key.generator()
        var batches: [[JudgedEpisode]] = []
        var room = 0
        for judged in shuffled(using: &generator) {
            if room <= 0 {
                batches.append([])
                room = batchSize
            }
            batches[batches.count - 1].append(judged)
            room -= judged.episode.count
        }
        return batches
    }

    /// These as pieces of about as many episodes each: at most so many pieces, and none of less than so many episodes but the last.
    func pieces(atMost count: Int, ofAtLeast minimum: Int) -> [[JudgedEpisode]] {
        let size = Swift.max(minimum, (self.count + count - 1) / count)
        return stride(from: 0, to: self.count, by: size).map { Array(self[$0..<Swift.min(self.count, $0 + size)]) }
    }
}
