import AttentionFiles
import AttentionMechanisms
import AttentionTensors
package import AttentionTraining

/// A training of a listener on so many updates of 16 numbers each, of one to five digits, by Adam, the rate falling from 0.002 along a cosine.
package func listenerTraining<Attention>(
    _ listener: NumberListener<Attention>, train: DigitRecordings, valid: DigitRecordings,
    lengths: ClosedRange<Int> = 1...5, batchSize: Int = 16, _ configuration: TrainingConfiguration
) throws -> Trainer<NumberListener<Attention>, NumberBatches> {
    let key = RandomKey(seed: configuration.seed)
    let held = try valid.numbers(200, lengths: lengths, key: key[2])
    return try Trainer(
        model: listener,
        schedule: CosineSchedule(peak: 2e-3, warmup: 100, total: configuration.maximumUpdates ?? 10_000),
        batches: NumberBatches(recordings: train, lengths: lengths, batchSize: batchSize, key: key[1]),
        configuration: configuration, loss: { listener, batch, _ in try listener.loss(batch) },
        validate: { ValidationResult(loss: try WritingErrors(of: $0, on: held).digitRate) })
}

/// How often numbers are written down wrongly.
package struct WritingErrors: Sendable {
    /// Of each length: how many numbers there are, how many are wrong, and how many digits are missing, too many or other ones.
    package private(set) var byLength: [Int: (count: Int, wrongCount: Int, edits: Int)] = [:]

    /// Those of a listener, which may write three digits more than there are.
    package init<Attention>(of listener: NumberListener<Attention>, on numbers: [SpokenNumber]) throws {
        var rest = numbers[...]
        while !rest.isEmpty {
            try StopSignal.check()
            let batch = Array(rest.prefix(50))
            rest = rest.dropFirst(50)
            let limit = (batch.map(\.digits.count).max() ?? 0) + 3
            for (writing, number) in zip(try listener.write(batch, limit: limit), batch) {
                let edits = NearestName.editDistance(writing.digits, number.digits)
                var found = byLength[number.digits.count] ?? (0, 0, 0)
                found = (found.count + 1, found.wrongCount + (edits > 0 ? 1 : 0), found.edits + edits)
                byLength[number.digits.count] = found
            }
        }
    }

    /// Edits for each digit.
    package var digitRate: Double {
        let digitCount = byLength.reduce(0) { $0 + $1.key * $1.value.count }
        return Double(byLength.values.reduce(0) { $0 + $1.edits }) / Double(max(1, digitCount))
    }
}
