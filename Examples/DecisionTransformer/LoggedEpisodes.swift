package import AttentionReinforcement
package import AttentionTensors

/// What others did, with what came of it: the data that nobody may add to.
package struct LoggedEpisodes: Sendable {
    /// Whole episodes.
    package let episodes: [Episode]

    /// These.
    package init(_ episodes: [Episode]) { self.episodes = episodes }

    /// The mean return.
    package var meanReturn: Float { episodes.reduce(0) { $0 + $1.totalReward } / Float(max(1, episodes.count)) }

    /// The tenth with the highest returns; of equal ones those that come first.
    package var bestTenth: LoggedEpisodes {
        let order = episodes.indices.sorted { (-episodes[$0].totalReward, $0) < (-episodes[$1].totalReward, $1) }
        return LoggedEpisodes(order.prefix(max(1, episodes.count / 10)).map { episodes[$0] })
    }

    /// The episodes of about the same return together: the range of returns in ten equal parts, those of them in which there are any.
    package var byReturn: [[Episode]] {
        let returns = episodes.map(\.totalReward)
        guard let low = returns.min(), let high = returns.max(), high > low else { return [episodes] }
        let parts = Dictionary(grouping: episodes) { min(9, Int(($0.totalReward - low) / (high - low) * 10)) }
        return parts.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension LoggedEpisodes {
    /// So many whole episodes of a policy that acts as it likes.
    package init<Acting: Policy>(
        of policy: Acting, in environment: any Environment, count: Int, key: RandomKey
    ) throws {
        let limit = environment.stepLimit
        let rollout = try Rollout(
            of: policy, in: environment, environmentCount: count, stepCount: limit, key: key)
        // Every environment was played for as many steps as an episode may have: its first one is whole, and is taken.
        var (firsts, playedCount): ([Episode], Int) = ([], 0)
        for episode in rollout.episodes {
            if playedCount % limit == 0 { firsts.append(episode) }
            playedCount += episode.count
        }
        self.init(firsts)
    }
}
