package import AttentionModels
package import AttentionReinforcement
package import AttentionTensors
package import AttentionTraining

/// Logged episodes as rows of trajectories, drawn anew for each batch, and what was done in each step.
package struct LoggedBatches: BatchSource {
    /// How episodes are drawn, and what a model is told of them.
    package enum Purpose: Sendable {
        /// Each return that occurs as often as the others, and the returns to go told. Of chance's own episodes few have a high one; whoever draws them as often
        /// as they are learns chance, long before what it takes. What follows from a return and what has been so far is the same, however often the return is.
        case conditioning
        /// Each episode as often as the others, and nothing told: returns to go are 0.
        case cloning
    }

    /// Trajectories, and the action of each of their steps; nil for padding.
    package struct Batch: Sendable {
        package let trajectories: TrajectoryBatch
        package let actions: [Int?]
    }

    /// Those among whom one is drawn, after which group was.
    private let groups: [[Episode]]
    private let batchSize: Int
    private let actionCount: Int
    private let purpose: Purpose
    private let key: RandomKey

    package init(_ logged: LoggedEpisodes, batchSize: Int, actionCount: Int, purpose: Purpose, key: RandomKey) {
        groups = purpose == .conditioning ? logged.byReturn : [logged.episodes]
        (self.batchSize, self.actionCount, self.purpose, self.key) = (batchSize, actionCount, purpose, key)
    }

    /// A hundred batches.
    package func epoch(_ number: Int) -> Epoch<Batch> {
        Epoch(count: 100) { index in
            var generator = key[number][index].generator()
            return try batch(
                (0..<batchSize).map { _ in
                    let group = groups[Int.random(in: groups.indices, using: &generator)]
                    return group[Int.random(in: group.indices, using: &generator)]
                })
        }
    }

    private func batch(_ rows: [Episode]) throws -> Batch {
        let length = rows.reduce(0) { max($0, $1.count) }
        let size = rows[0].observations.count / max(1, rows[0].count)
        func padded<Element>(_ values: [Element], _ width: Int, with filling: Element) -> [Element] {
            values + [Element](repeating: filling, count: length * width - values.count)
        }
        let actions = rows.flatMap { padded($0.actions.map { Optional($0) }, 1, with: nil) }
        let returns = rows.flatMap { padded(purpose == .conditioning ? $0.returnsToGo : [], 1, with: 0) }
        return Batch(
            trajectories: try TrajectoryBatch(
                states: try Tensor(
                    rows.flatMap { padded($0.observations, size, with: 0) }, shape: [rows.count, length, size]),
                actions: try Tensor.oneHot(actions, classCount: actionCount)
                    .reshaped(to: [rows.count, length, actionCount]),
                returnsToGo: try Tensor(returns, shape: [rows.count, length, 1]),
                timesteps: rows.flatMap { _ in 0..<length }, present: .first(rows.map(\.count))),
            actions: actions)
    }
}

extension Episode {
    /// R̂_t, the sum of all rewards from a step on.
    package var returnsToGo: [Float] {
        var (sum, found) = (Float(0), [Float]())
        for reward in rewards.reversed() {
            sum += reward
            found.append(sum)
        }
        return found.reversed()
    }
}
