import AttentionTensors
import AttentionTraining
import Synchronization
import Testing
import TrainingProbe

/// Ranks that each follow a share of the parameters, and remember what belongs to it.
struct DividedOptimizerTests {
    private func bits(_ path: String) throws -> [String: [UInt32]] {
        let file = try SafetensorsFile(path: path)
        return try Dictionary(
            uniqueKeysWithValues: file.names.map { ($0, try file.tensor(named: $0).values.map(\.bitPattern)) })
    }

    /// Goes on to an update with so many ranks, each of which computes a batch of it; 0 for a process alone.
    private func train(
        to update: Int, _ rankCount: Int, of batchCount: Int, _ optimizer: any Optimizer,
        in folder: borrowing TrainingFolder
    ) throws -> [[[Float]]] {
        var configuration = folder.configuration(updates: update)
        configuration.accumulationCount = batchCount
        func train(_ exchange: any GradientExchange) throws -> [[Float]] {
            var trainer = try ToyTagger().trainer(configuration, optimizer: optimizer, exchange: exchange)
            if trainer.hasCheckpoint { try trainer.resume() }
            _ = try trainer.run()
            return trainer.model.parameters().map(\.parameter.tensor.values)
        }
        return try rankCount == 0 ? [train(SingleProcess())] : onRanks(rankCount, bucketSize: 100) { try train($0) }
    }

    /// Losses, weights and all that is remembered are those of one process, bit for bit, where each rank computes one batch of an update: sums then are
    /// the same.
    @Test(arguments: 0..<OptimizerFixtureTests.optimizers.count, [1, 2, 3])
    func sharesAreOneProcess(_ index: Int, rankCount: Int) throws {
        let optimizer = OptimizerFixtureTests.optimizers[index].1
        let one = try TrainingFolder()
        let several = try TrainingFolder()
        let alone = try train(to: 13, 0, of: rankCount, optimizer, in: one)
        for weights in try train(to: 13, rankCount, of: rankCount, optimizer, in: several) {
            #expect(weights == alone[0])
        }
        #expect(try one.events() == several.events())
        let isSame = try bits(one.checkpointPath) == bits(several.checkpointPath)
        #expect(isSame)
    }

    /// A checkpoint does not tell how many have made it: what ranks began a process alone goes on with, and ranks again.
    @Test(arguments: 0..<OptimizerFixtureTests.optimizers.count, [2, 3])
    func aCheckpointIsThatOfOneProcess(_ index: Int, rankCount: Int) throws {
        let optimizer = OptimizerFixtureTests.optimizers[index].1
        let straight = try TrainingFolder()
        let paused = try TrainingFolder()
        _ = try train(to: 17, 0, of: rankCount, optimizer, in: straight)
        _ = try train(to: 6, rankCount, of: rankCount, optimizer, in: paused)
        _ = try train(to: 11, 0, of: rankCount, optimizer, in: paused)
        _ = try train(to: 17, rankCount, of: rankCount, optimizer, in: paused)
        #expect(try straight.events() == paused.events())
        let isSame = try bits(straight.checkpointPath) == bits(paused.checkpointPath)
        #expect(isSame)
    }

    /// What becomes too large on one rank ends all of them with the same sentence.
    @Test func aGradientThatIsNotFiniteEndsAll() throws {
        let sentences = Mutex<[String]>([])
        _ = try onRanks(3) { exchange in
            var configuration = TrainingConfiguration()
            (configuration.maximumUpdates, configuration.accumulationCount) = (4, 3)
            (configuration.validationInterval, configuration.clippingNorm) = (0, 1)
            var trainer = try Trainer(
                model: ToyTagger(), schedule: InverseSquareRootSchedule(peak: 0.01, warmup: 10),
                batches: TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4),
                configuration: configuration, exchange: exchange,
                loss: { model, batch, step in
                    let loss = try model.loss(batch, key: nil)
                    guard step.update == 2, exchange.rank == 1 else { return loss }
                    // As large as before, but with derivatives that no number can hold.
                    let nothing = (loss.total - loss.total.detached()) * 3e38 * 3e38
                    return LossValue(total: loss.total + nothing, weight: loss.weight)
                })
            let error = #expect(throws: TrainingError.self) { _ = try trainer.run() }
            if let error { sentences.withLock { $0.append("\(error)") } }
        }
        #expect(sentences.withLock { $0.count == 3 && Set($0).count == 1 })
    }

    /// All gather what is saved: a rank that saves at other times would wait for ever.
    @Test func ranksThatSaveAtOtherTimesAreRefused() throws {
        let folder = try TrainingFolder()
        let configuration = folder.configuration(updates: 4)
        #expect {
            _ = try onRanks(2) { exchange in
                var configuration = configuration
                configuration.accumulationCount = 2
                configuration.checkpointInterval += exchange.rank
                var trainer = try ToyTagger().trainer(configuration, exchange: exchange)
                return try trainer.run()
            }
        } throws: {
            "\($0)".contains("found checkpoints every 5 updates on rank 0 and every 6 updates on rank 1")
        }
    }

    /// Every element is followed by one rank alone, and no rank follows more than an equal part of each bucket.
    @Test(arguments: [2, 3, 7, 64], [1, 10, 1000])
    func sharesAreEqualParts(_ rankCount: Int, bucketSize: Int) {
        let shapes: [Shape] = [[12, 8], [], [8, 8], [3], [5, 4, 2], [1]]
        let parameters = shapes.enumerated().map { (name: "p\($0)", shape: $1, reach: StepReach.element) }
        let buckets = GradientBuckets(of: parameters, size: bucketSize, rankCount: rankCount)
        var followers: [String: [Int]] = [:]
        for (name, shape, _) in parameters { followers[name] = Array(repeating: 0, count: shape.elementCount) }
        for rank in 0..<rankCount {
            guard case .pieces(let pieces) = buckets.share(of: rank) else {
                Issue.record("rank \(rank) follows all")
                continue
            }
            var count = 0
            for (name, piece) in pieces {
                for index in piece.range { followers[name]?[index] += 1 }
                count += piece.range.count
            }
            // 205 elements; as many of the six parameters as make a bucket round up once.
            #expect(count <= 205 / rankCount + shapes.count)
        }
        #expect(followers.values.joined().allSatisfy { $0 == 1 })
        let whole = parameters.map { (name: $0.name, shape: $0.shape, reach: StepReach.parameter) }
        for rank in 0..<rankCount {
            let share = GradientBuckets(of: whole, size: bucketSize, rankCount: rankCount).share(of: rank)
            guard case .pieces(let pieces) = share else {
                Issue.record("rank \(rank) follows all")
                continue
            }
            #expect(pieces.count == shapes.count && pieces["p0"]?.range == 0..<96)
        }
    }
}
