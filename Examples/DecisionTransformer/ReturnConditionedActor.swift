package import AttentionModels
package import AttentionReinforcement
package import AttentionTensors

/// A trajectory model that acts: it is told what return is wanted, and what is still missing of it after every step.
package struct ReturnConditionedActor: Sendable {
    private let model: TrajectoryModel
    private let environment: any Environment

    /// Acts by a model in an environment.
    package init(_ model: TrajectoryModel, in environment: any Environment) {
        (self.model, self.environment) = (model, environment)
    }

    /// The returns of so many episodes side by side, each wanting this return.
    package func returns(
        wanting wanted: Float, episodeCount: Int, choice: ActionChoice = .likeliest, key: RandomKey
    ) throws -> [Float] {
        var worlds = VectorEnvironment(environment, places: 0..<episodeCount, key: key[0])
        var generator = key[1].generator()
        var histories = [Episode](repeating: Episode(), count: episodeCount)
        var running = Array(0..<episodeCount)
        while !running.isEmpty {
            for row in running { histories[row].observations += worlds.environments[row].observation }
            let logits = try lastLogits(running.map { histories[$0] }, wanting: wanted)
            let chosen = choice(logits, &generator).actions
            var actions = [Int](repeating: 0, count: episodeCount)
            for (row, action) in zip(running, chosen) { actions[row] = action }
            let outcomes = try worlds.step(actions, only: running)
            for (row, outcome) in zip(running, outcomes) {
                histories[row].actions.append(actions[row])
                histories[row].rewards.append(outcome.reward)
                histories[row].isWhole = outcome.isLast
            }
            running = running.filter { !histories[$0].isWhole }
        }
        return histories.map(\.totalReward)
    }

    /// Of the step that is to be decided, [B, A].
    private func lastLogits(_ histories: [Episode], wanting wanted: Float) throws -> Tensor {
        let (layout, actionCount) = (environment.layout, environment.actionNames.count)
        let (rowCount, length) = (histories.count, histories[0].actions.count + 1)
        let returns = histories.flatMap { history in
            history.rewards.reduce(into: [wanted]) { $0.append(($0.last ?? 0) - $1) }
        }
        let batch = try TrajectoryBatch(
            states: try Tensor(histories.flatMap(\.observations), shape: [rowCount, length, layout.size]),
            actions: try Tensor.oneHot(
                histories.flatMap { $0.actions.map { Optional($0) } + [nil] }, classCount: actionCount
            ).reshaped(to: [rowCount, length, actionCount]),
            returnsToGo: try Tensor(returns, shape: [rowCount, length, 1]),
            timesteps: histories.flatMap { _ in 0..<length })
        return try model(batch).actions.at(length - 1, axis: 1)
    }
}
