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
        #expect(best.episodes.count == 20 && best.meanReturn > 0.9)
        let episode = logged.episodes[0]
        #expect(abs((episode.returnsToGo.first ?? 0) - episode.totalReward) < 1e-6)
        #expect(episode.returnsToGo.last == episode.rewards.last)
    }

    @Test func batchesArePaddedBehind() throws {
        let world = try MemoryMaze(delay: 1)
        let logged = try logged(world, count: 30)
        let batch = try LoggedBatches(logged, batchSize: 7, actionCount: 3, seesReturns: true, key: RandomKey(seed: 1))
            .epoch(0).batch(0)
        let trajectories = batch.trajectories
        #expect(trajectories.rowCount == 7 && batch.actions.count == 7 * trajectories.length)
        for (place, action) in batch.actions.enumerated() {
            let (row, step) = (place / trajectories.length, place % trajectories.length)
            let done = (0..<3).map { trajectories.actions[row, step, $0] }
            #expect(done == (0..<3).map { $0 == action ? 1 : 0 })
            if action == nil { #expect(trajectories.returnsToGo[row, step, 0] == 0) }
        }
        let blind = try LoggedBatches(
            logged, batchSize: 7, actionCount: 3, seesReturns: false, key: RandomKey(seed: 1)
        ).epoch(0).batch(0)
        #expect(blind.trajectories.returnsToGo.values.allSatisfy { $0 == 0 })
        #expect(blind.actions == batch.actions)
    }

    /// Asked for a high return of chance's own episodes, it turns as the sign says; asked for none, the other way.
    @Test func whoAsksForAReturnGetsIt() throws {
        let world = try MemoryMaze(delay: 1)
        var training = TrajectoryTraining(world)
        (training.sizes.modelSize, training.sizes.layerCount, training.sizes.dropout) = (32, 1, 0)
        (training.updates, training.peakRate) = (300, 5e-3)
        let actor = ReturnConditionedActor(
            try training.model(of: try logged(world, count: 400), seesReturns: true), in: world)
        func success(_ wanted: Float) throws -> Float {
            let returns = try actor.returns(wanting: wanted, episodeCount: 100, key: RandomKey(seed: 5))
            return Float(returns.count { $0 >= world.successReturn }) / 100
        }
        #expect(try success(1) > 0.75)
        #expect(try success(0) < 0.35)
    }
}
