import AttentionInspection
import AttentionModels
import AttentionReinforcement
import AttentionTensors
import AttentionTraining
import Testing

@testable import DecisionTransformer

/// Logged episodes, batches of them, and a model that is told what return followed.
@Suite struct DecisionTransformerTests {
    private func logged(_ world: any Environment, count: Int) throws -> LoggedEpisodes {
        try LoggedEpisodes(
            of: RandomPolicy(actionCount: world.actionNames.count), in: world, count: count, key: RandomKey(seed: 2))
    }

    @Test func episodesAreWholeAndTheirBestTenthIs() throws {
        let world = try MemoryMaze(delay: 1)
        let logged = try logged(world, count: 200)
        #expect(logged.episodes.count == 200 && logged.episodes.allSatisfy(\.isWhole))
        let best = logged.bestTenth
        let sorted = logged.episodes.map(\.totalReward).sorted(by: >)
        #expect(best.episodes.map(\.totalReward) == Array(sorted.prefix(20)))
        let episode = logged.episodes[0]
        #expect(abs((episode.returnsToGo.first ?? 0) - episode.totalReward) < 1e-6)
        #expect(episode.returnsToGo.last == episode.rewards.last)
    }

    @Test func batchesArePaddedBehind() throws {
        let world = CartPole()
        let logged = try logged(world, count: 30)
        let batch = try LoggedBatches(
            logged, batchSize: 7, actionCount: 2, purpose: .conditioning, key: RandomKey(seed: 1)
        )
        .epoch(0).batch(0)
        let trajectories = batch.trajectories
        #expect(trajectories.rowCount == 7 && batch.actions.count == 7 * trajectories.length)
        #expect(batch.actions.contains(nil))
        for (place, action) in batch.actions.enumerated() {
            let (row, step) = (place / trajectories.length, place % trajectories.length)
            let done = (0..<2).map { trajectories.actions[row, step, $0] }
            #expect(done == (0..<2).map { $0 == action ? 1 : 0 })
            if action == nil { #expect(trajectories.returnsToGo[row, step, 0] == 0) }
        }
        let blind = try LoggedBatches(
            logged, batchSize: 7, actionCount: 2, purpose: .cloning, key: RandomKey(seed: 1)
        ).epoch(0).batch(0)
        #expect(blind.trajectories.returnsToGo.values.allSatisfy { $0 == 0 })
    }

    /// Few of chance's episodes end well: told of returns, every second row is one of them; cloning, as few as there are.
    @Test func highReturnsAreDrawnAsOftenAsLowOnes() throws {
        let logged = try logged(MemoryMaze(delay: 1), count: 400)
        let groups = logged.byReturn
        #expect(groups.count == 2 && groups.joined().count == 400)
        #expect(groups[0].allSatisfy { $0.totalReward <= 0 } && groups[1].allSatisfy { $0.totalReward > 0.9 })
        func share(_ purpose: LoggedBatches.Purpose) throws -> Float {
            let batches = try LoggedBatches(
                logged, batchSize: 20, actionCount: 3, purpose: purpose, key: RandomKey(seed: 1)
            ).epoch(0).batches()
            // Both steps of a success, and no others, are told 1.
            let steps = batches.flatMap { $0.trajectories.returnsToGo.values }
            return Float(steps.count { $0 > 0.9 }) / Float(steps.count)
        }
        #expect(abs(try share(.conditioning) - 0.5) < 0.05)
        #expect(try share(.cloning) == 0)
    }

    /// Asked for a high return of chance's own episodes, it turns as the sign says; asked for none, the other way. The clone of the best tenth, most of which turned as the
    /// sign said, does so, too.
    @Test func whoAsksForAReturnGetsIt() throws {
        let world = try MemoryMaze(delay: 1)
        var training = TrajectoryTraining(world)
        (training.sizes.headCount, training.sizes.layerCount) = (2, 1)
        (training.updates, training.batchSize) = (300, 32)
        let comparison = try Comparison(logged(world, count: 400), in: world, training, key: RandomKey(seed: 5))
        let outcomes = comparison.conditioned
        #expect(outcomes.count == 5 && outcomes[0].wanted < 0 && outcomes[4].wanted == 1)
        #expect(outcomes[4].outcome.success > 0.9 && outcomes[0].outcome.success < 0.1)
        #expect(comparison.logged.success < 0.2 && comparison.best.success > 0.6 && comparison.clone.success > 0.9)
        #expect(comparison.text.hasPrefix("logged: mean return "))
        #expect(comparison.chart.svg.contains("Decision Transformer"))
    }
}
