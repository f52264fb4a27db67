import AttentionTensors
package import AttentionTraining
package import SharedPictures

/// A training of a network of glimpses on so many updates of 64 scenes each, by Adam, the rate falling from 0.001 along a cosine.
package func glimpseTraining(
    _ layout: DigitScene.Layout, from digits: DigitCollection, network: GlimpseNetwork? = nil, batchSize: Int = 64,
    _ configuration: TrainingConfiguration
) throws -> Trainer<GlimpseNetwork, SceneBatches> {
    let key = RandomKey(seed: configuration.seed)
    // As many glimpses, and as wide, as in the paper's table 1b.
    let start =
        network
        ?? GlimpseNetwork(sensor: GlimpseSensor(size: 12, scaleCount: 3), glimpseCount: 6, key: key[0])
    let held = scenes(1000, layout, from: digits, key: key[2])
    return try Trainer(
        model: start,
        schedule: CosineSchedule(peak: 1e-3, warmup: 200, total: configuration.maximumUpdates ?? 100_000),
        batches: SceneBatches(digits, layout, batchSize: batchSize, key: key[1]), configuration: configuration,
        loss: { network, batch, step in try network.loss(batch, key: step.key) },
        validate: { ValidationResult(loss: try glimpseError($0, on: held)) })
}

/// A training of a reader on so many updates of 32 scenes each, by Adam, the rate falling from 0.002 along a cosine.
package func readerTraining(
    _ layout: DigitScene.Layout, from digits: DigitCollection, reader: NumberReader? = nil, batchSize: Int = 32,
    _ configuration: TrainingConfiguration
) throws -> Trainer<NumberReader, SceneBatches> {
    let key = RandomKey(seed: configuration.seed)
    let held = scenes(500, layout, from: digits, key: key[2])
    return try Trainer(
        model: reader ?? NumberReader(layout, key: key[0]),
        schedule: CosineSchedule(peak: 2e-3, warmup: 200, total: configuration.maximumUpdates ?? 100_000),
        batches: SceneBatches(digits, layout, batchSize: batchSize, key: key[1]), configuration: configuration,
        loss: { reader, batch, _ in try reader.loss(batch) },
        validate: { ValidationResult(loss: try readingErrors($0, on: held).whole) })
}

/// The share of scenes whose digit a network does not find.
package func glimpseError(_ network: GlimpseNetwork, on scenes: [DigitScene]) throws -> Double {
    var (wrongCount, rest) = (0, scenes[...])
    while !rest.isEmpty {
        try StopSignal.check()
        let batch = Array(rest.prefix(100))
        rest = rest.dropFirst(100)
        wrongCount += zip(try network.look(at: batch).logits.indicesOfMaximum(), batch).count { $0 != $1.digits[0] }
    }
    return Double(wrongCount) / Double(max(1, scenes.count))
}

/// The share of numbers that are not read as they are: of all, and of those of each length.
package func readingErrors(
    _ reader: NumberReader, on scenes: [DigitScene]
) throws -> (whole: Double, byLength: [Int: Double]) {
    var (wrong, all): ([Int: Int], [Int: Int]) = ([:], [:])
    var rest = scenes[...]
    while !rest.isEmpty {
        try StopSignal.check()
        let batch = Array(rest.prefix(100))
        rest = rest.dropFirst(100)
        let limit = batch.map(\.digits.count).max() ?? 0
        for (reading, scene) in zip(try reader.read(batch, limit: limit + 1), batch) {
            all[scene.digits.count, default: 0] += 1
            if reading.digits != scene.digits { wrong[scene.digits.count, default: 0] += 1 }
        }
    }
    let errors = all.map { ($0.key, Double(wrong[$0.key] ?? 0) / Double($0.value)) }
    return (
        Double(wrong.values.reduce(0, +)) / Double(max(1, scenes.count)), Dictionary(uniqueKeysWithValues: errors)
    )
}
