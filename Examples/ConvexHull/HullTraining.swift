package import AttentionTensors
package import AttentionTraining

/// Problems that have never been seen before, batch after batch: each follows from the seed, its epoch and its number.
package struct HullBatches: BatchSource {
    package let pointCount: Int
    package let batchSize: Int
    package let key: RandomKey

    /// Batches of so many problems, all drawn from `key`.
    package init(pointCount: Int, batchSize: Int, key: RandomKey) {
        self.pointCount = pointCount
        self.batchSize = batchSize
        self.key = key
    }

    /// A thousand batches.
    package func epoch(_ number: Int) -> Epoch<[HullProblem]> {
        Epoch(count: 1000) { batch in problems(batchSize, pointCount: pointCount, key: key[number][batch]) }
    }
}

/// So many problems drawn from `key`.
package func problems(_ count: Int, pointCount: Int, key: RandomKey) -> [HullProblem] {
    var generator = key.generator()
    return (0..<count).map { _ in HullProblem(pointCount: pointCount, using: &generator) }
}

/// How a network does on problems it has not seen: the share of hulls it finds exactly (`accuracy`), the share of all hulls' area that its
/// polygons cover (`area`), and the share of answers that are polygons at all (`polygons`; the others cover nothing).
package func score(_ network: PointerNetwork, on problems: [HullProblem]) throws -> ValidationResult {
    let loss = try network.loss(problems)
    let answers = zip(problems, try network.corners(of: problems)).map { problem, corners in
        (isHull: corners.map(problem.isHull) ?? false, coverage: corners.flatMap(problem.coverage))
    }
    func share(_ sum: Double) -> Double { sum / Double(max(problems.count, 1)) }
    return ValidationResult(
        loss: Double(loss.total.scalar) / max(loss.weight, 1),
        metrics: [
            "accuracy": share(Double(answers.count { $0.isHull })),
            "area": share(answers.reduce(0) { $0 + ($1.coverage ?? 0) }),
            "polygons": share(Double(answers.count { $0.coverage != nil })),
        ])
}

/// A training of a network on so many updates of 128 problems each, by Adam, the rate falling from 0.002 along a cosine.
package func hullTraining(
    pointCount: Int = 5, hiddenSize: Int = 256, batchSize: Int = 128, _ configuration: TrainingConfiguration
) throws -> Trainer<PointerNetwork, HullBatches> {
    let key = RandomKey(seed: configuration.seed)
    let held = problems(2000, pointCount: pointCount, key: key[2])
    return try Trainer(
        model: PointerNetwork(hiddenSize: hiddenSize, key: key[0]),
        schedule: CosineSchedule(peak: 2e-3, warmup: 200, total: configuration.maximumUpdates ?? 100_000),
        batches: HullBatches(pointCount: pointCount, batchSize: batchSize, key: key[1]), configuration: configuration,
        loss: { network, batch, _ in try network.loss(batch) }, validate: { try score($0, on: held) })
}
