public import AttentionTensors

/// Episodes that a policy has played, in the order of their environments.
public struct Rollout: Sendable {
    /// All of them, the last of each environment perhaps cut off.
    public private(set) var episodes: [Episode] = []

    /// Plays so many steps in each of so many environments, all of which begin anew.
    ///
    /// Threads take a few environments each and play them to the end; what comes out depends on the key, not on them.
    /// - Parameters:
    ///   - environment: what is played; its state does not matter.
    ///   - choice: how actions are chosen.
    public init<Acting: Policy>(
        of policy: Acting, in environment: any Environment, environmentCount: Int, stepCount: Int,
        choice: ActionChoice = .sampled, key: RandomKey
    ) throws {
        let size = 8
        let teams = (environmentCount + size - 1) / size
        let played = try Parallel.map(teams) { team in
            let places = team * size..<min(environmentCount, (team + 1) * size)
            var player = Player(
                policy: policy, environments: VectorEnvironment(environment, places: places, key: key[0]),
                choice: choice, generator: key[1][team].generator())
            return try player.play(stepCount)
        }
        episodes = played.flatMap(\.self)
    }

    /// How many steps there are.
    public var stepCount: Int { episodes.reduce(0) { $0 + $1.count } }
}

/// A policy that plays some environments side by side.
private struct Player<Acting: Policy> {
    let policy: Acting
    var environments: VectorEnvironment
    let choice: ActionChoice
    var generator: RandomGenerator

    mutating func play(_ stepCount: Int) throws -> [Episode] {
        var finished = [[Episode]](repeating: [], count: environments.count)
        var current = [Episode](repeating: Episode(), count: environments.count)
        var recollection = try policy.begin(environments.count)
        for step in 0..<stepCount {
            let seen = try environments.observations()
            let output = try policy.step(seen, &recollection, begins: environments.begins)
            let (actions, logs) = choice(output.logits, &generator)
            let (observations, values) = (seen.values, output.values.values)
            let outcomes = try environments.step(actions)
            for row in current.indices {
                let size = seen.shape[1]
                current[row].observations += observations[row * size..<(row + 1) * size]
                current[row].actions.append(actions[row])
                current[row].logProbabilities.append(logs[row])
                current[row].values.append(values[row])
                current[row].rewards.append(outcomes[row].reward)
            }
            let isLastStep = step == stepCount - 1
            let isOpen = outcomes.map { !$0.isTerminated && (isLastStep || $0.isTruncated) }
            let following = isOpen.contains(true) ? try valuesOfWhatFollows(recollection) : []
            for row in current.indices where outcomes[row].isLast || isLastStep {
                current[row].isWhole = outcomes[row].isLast
                current[row].lastValue = isOpen[row] ? following[row] : 0
                finished[row].append(current[row])
                current[row] = Episode()
            }
            environments.resetEnded(outcomes)
        }
        return finished.flatMap(\.self)
    }

    /// V of what is seen now, without remembering that it was asked.
    private func valuesOfWhatFollows(_ recollection: Acting.Recollection) throws -> [Float] {
        var copy = recollection
        let begins = [Bool](repeating: false, count: environments.count)
        return try policy.step(environments.observations(), &copy, begins: begins).values.values
    }
}
