import AttentionTensors
import AttentionTraining
import Foundation
import Testing
import TrainingProbe

/// Two processes, here two threads, that train together.
struct GradientExchangeTests {
    private func configuration(accumulating count: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = 23
        configuration.accumulationCount = count
        configuration.validationInterval = 4
        configuration.progressInterval = 3
        configuration.clippingNorm = 1
        return configuration
    }

    private struct Result {
        var weights: [[Float]] = []
        var reports: [Double] = []
        var reason: StopReason?
        var update = 0
    }

    private func train(
        _ exchange: any GradientExchange, _ configuration: TrainingConfiguration, stopping update: Int = .max
    ) throws -> Result {
        var result = Result()
        var trainer = try ToyTagger().trainer(configuration, exchange: exchange)
        var latest = 0
        let reason = try trainer.run { event in
            if case .progress(let report) = event {
                result.reports.append(report.loss)
                latest = report.update
            }
        } until: {
            latest >= update
        }
        (result.reason, result.update) = (reason, trainer.progress.update)
        result.weights = trainer.model.parameters().map(\.parameter.tensor.values)
        return result
    }

    /// What both ranks end with; rank 1 wishes to stop after some update.
    private func together(_ configuration: TrainingConfiguration, stopping update: Int = .max) throws -> [Result] {
        let (sums, wishes) = (Meeting<UpdateSums>(count: 2), Meeting<StopReason?>(count: 2))
        nonisolated(unsafe) var results: [Swift.Result<Result, any Error>?] = [nil, nil]
        let lock = NSLock()
        DispatchQueue.concurrentPerform(iterations: 2) { rank in
            let result = Swift.Result {
                try train(
                    Rank(sums: sums, wishes: wishes, rank: rank), configuration, stopping: rank == 1 ? update : .max)
            }
            lock.withLock { results[rank] = result }
        }
        return try results.map { try #require($0).get() }
    }

    /// A batch each is an update of two batches, bit for bit, dropout included.
    @Test func twoRanksAreOneProcessWithTwiceTheBatch() throws {
        let ranks = try together(configuration(accumulating: 1))
        let alone = try train(SingleProcess(), configuration(accumulating: 2))
        for rank in ranks {
            #expect(rank.weights == alone.weights)
            #expect(rank.reports == alone.reports)
            #expect(rank.reason == .maximumUpdates && rank.update == 23)
        }
    }

    /// Of four batches, sums are grouped in another way: equal but for rounding.
    @Test func twoRanksThatAccumulateAreOneThatAccumulatesMore() throws {
        let ranks = try together(configuration(accumulating: 2))
        let alone = try train(SingleProcess(), configuration(accumulating: 4))
        #expect(ranks[0].weights == ranks[1].weights)
        for (one, two) in zip(ranks[0].weights.joined(), alone.weights.joined()) { #expect(abs(one - two) < 1e-3) }
    }

    @Test func whenOneStopsAllStop() throws {
        let ranks = try together(configuration(accumulating: 1), stopping: 9)
        #expect(ranks.map(\.reason) == [.interrupted, .interrupted])
        #expect(ranks.map(\.update) == [9, 9])
        #expect(ranks[0].weights == ranks[1].weights)
    }
}

/// Where threads wait for each other, and each learns what all have brought.
private final class Meeting<Value>: @unchecked Sendable {
    private let count: Int
    private let condition = NSCondition()
    private var brought: [Int: [Value]] = [:]
    private var taken = 0

    init(count: Int) { self.count = count }

    /// What all ranks bring, in their order.
    func meet(_ rank: Int, _ value: Value) -> [Value] {
        condition.lock()
        defer { condition.unlock() }
        // Those of the meeting before must have left.
        while brought[rank] != nil { condition.wait() }
        brought[rank] = [value]
        condition.broadcast()
        while brought.count < count { condition.wait() }
        let all = (0..<count).flatMap { brought[$0] ?? [] }
        taken += 1
        if taken == count {
            (brought, taken) = ([:], 0)
            condition.broadcast()
        } else {
            while taken != 0 { condition.wait() }
        }
        return all
    }
}

private struct Rank: GradientExchange {
    let sums: Meeting<UpdateSums>
    let wishes: Meeting<StopReason?>
    let rank: Int
    var rankCount: Int { 2 }

    func combine(_ sums: inout UpdateSums) {
        let all = self.sums.meet(rank, sums)
        sums = UpdateSums()
        for one in all { sums.add(one) }
    }

    func agree(on wish: StopReason?) -> StopReason? { wishes.meet(rank, wish).compactMap(\.self).first }
}
