import AttentionTensors
import AttentionTraining
import ConvexHull
import Testing

/// The convex-hull example trains.
@Suite struct HullTrainingTests {
    private func training(updates: Int, hiddenSize: Int = 24) throws -> Trainer<PointerNetwork, HullBatches> {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = updates
        configuration.validationInterval = 0
        configuration.clippingNorm = 1
        return try hullTraining(hiddenSize: hiddenSize, batchSize: 32, configuration)
    }

    @Test func `the loss on unseen problems falls`() throws {
        let held = problems(100, pointCount: 5, key: RandomKey(seed: 8))
        var training = try training(updates: 120)
        let before = try score(training.model, on: held).loss
        #expect(try training.run() == .maximumUpdates)
        let after = try score(training.model, on: held)
        #expect(abs(before - 1.6) < 0.1, "before training all points are as likely: ln 5")
        #expect(after.loss < before - 0.1, "from \(before) to \(after.loss)")
        #expect(after.metrics.values.allSatisfy { (0...1).contains($0) })
    }

    @Test func `the same seed trains the same network`() throws {
        var (first, second) = (try training(updates: 3), try training(updates: 3))
        _ = try (first.run(), second.run())
        #expect(
            first.model.parameters().map(\.parameter.tensor.values)
                == second.model.parameters().map(\.parameter.tensor.values))
    }

    @Test func `problems of an epoch are the same whenever they are asked for, and new in every batch`() throws {
        let batches = HullBatches(pointCount: 5, batchSize: 4, key: RandomKey(seed: 1))
        #expect(try batches.epoch(2).batch(7) == batches.epoch(2).batch(7))
        #expect(try batches.epoch(2).batch(7) != batches.epoch(2).batch(8))
        #expect(try batches.epoch(2).batch(7) != batches.epoch(3).batch(7))
    }

    @Test func `answers end where they return to the first choice`() throws {
        let network = PointerNetwork(hiddenSize: 8, key: RandomKey(seed: 2))
        for corners in try network.corners(of: problems(40, pointCount: 5, key: RandomKey(seed: 3))) {
            guard let corners else { continue }
            #expect((1...5).contains(corners.count))
            #expect(!corners.dropFirst().contains(corners[0]))
        }
    }
}
