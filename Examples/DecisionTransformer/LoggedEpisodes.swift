package import AttentionReinforcement
package import AttentionTensors

/// What others did, with what came of it: the data that nobody may add to.
package struct LoggedEpisodes: Sendable {
    /// Whole episodes.
    package let episodes: [Episode]

    /// So many whole episodes of a policy that acts as it likes.
    package init<Acting: Policy>(
        of policy: Acting, in environment: any Environment, count: Int, key: RandomKey
    ) throws {
        let rollout = try Rollout(
            of: policy, in: environment, environmentCount: count, stepCount: environment.stepLimit, key: key)
        // An environment's first episode is whole; of several that it had time for, only that one is taken.
        var (episodes, isFirst, played) = ([Episode](), true, 0)
        for episode in rollout.episodes {
            if isFirst { episodes.append(episode) }
            played += episode.count
            isFirst = played % environment.stepLimit == 0
        }
        self.episodes = episodes
    }

    /// These.
    package init(_ episodes: [Episode]) { self.episodes = episodes }

    /// The mean return.
    package var meanReturn: Float { episodes.reduce(0) { $0 + $1.totalReward } / Float(max(1, episodes.count)) }

    /// The tenth with the highest returns; of equal ones those that come first.
    package var bestTenth: LoggedEpisodes {
        let order = episodes.indices.sorted {
            (-episodes[$0].totalReward, $0) < (-episodes[$1].totalReward, $1)
        }
        return LoggedEpisodes(order.prefix(max(1, episodes.count / 10)).map { episodes[$0] })
    }
}
