package import AttentionModels
package import AttentionReinforcement
package import AttentionTensors
package import AttentionTraining

/// Logged episodes as rows of trajectories, drawn anew for each batch, and what was done in each step.
package struct LoggedBatches: BatchSource {
    /// Trajectories, and the action of each of their steps; nil for padding.
    package struct Batch: Sendable {
        package let trajectories: TrajectoryBatch
        package let actions: [Int?]
    }

    private let episodes: [Episode]
    private let batchSize: Int
    private let actionCount: Int
    private let seesReturns: Bool
    private let key: RandomKey

    /// - Parameter seesReturns: whether returns to go are told; else they are all 0, and what is left is behaviour cloning.
    package init(_ logged: LoggedEpisodes, batchSize: Int, actionCount: Int, seesReturns: Bool, key: RandomKey) {
        (episodes, self.batchSize, self.actionCount) = (logged.episodes, batchSize, actionCount)
        (self.seesReturns, self.key) = (seesReturns, key)
    }

    /// A hundred batches.
    package func epoch(_ number: Int) -> Epoch<Batch> {
        Epoch(count: 100) { index in
            var generator = key[number][index].generator()
            return try batch((0..<batchSize).map { _ in episodes[Int.random(in: episodes.indices, using: &generator)] })
        }
    }

    private func batch(_ rows: [Episode]) throws -> Batch {
        let length = rows.reduce(0) { max($0, $1.count) }
        let size = rows[0].observations.count / max(1, rows[0].count)
        func padded<Element>(_ values: [Element], _ width: Int, with filling: Element) -> [Element] {
            values + [Element](repeating: filling, count: length * width - values.count)
        }
        let actions = rows.flatMap { padded($0.actions.map { Optional($0) }, 1, with: nil) }
        let returns = rows.flatMap { padded(seesReturns ? $0.returnsToGo : [], 1, with: 0) }
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
