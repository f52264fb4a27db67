import AttentionTensors

/// Which moments of sounds a model does not hear while it learns: stretches of equal length that may overlap (Park et al. 2019, *SpecAugment*, sec. 2, drawn as
/// transformers draws them for wav2vec 2.0).
///
///     number of stretches = ⌊share · K / length + u⌋,   u uniform on [0, 1)
struct MomentMasking: Sendable {
    /// What share of the moments is not heard, as far as stretches do not overlap.
    let share: Float
    /// How long a stretch is.
    let length: Int

    /// What vectors of moments are multiplied by, [B, K, 1]: 0 where nothing is heard, else 1. Rows that are shorter than a stretch are heard as a whole.
    /// - Parameters:
    ///   - counts: how many moments each row has; K is the largest.
    ///   - key: what is drawn with; each row has a key of its own.
    func callAsFunction(_ counts: [Int], key: RandomKey) throws(ShapeError) -> Tensor {
        let width = counts.max() ?? 0
        var heard = [Float](repeating: 1, count: counts.count * width)
        for (row, count) in counts.enumerated() where count >= length {
            var generator = key[row].generator()
            let stretchCount = Int(share * Float(count) / Float(length) + generator.nextUniform())
            for start in (0...count - length).shuffled(using: &generator).prefix(stretchCount) {
                for moment in start..<start + length { heard[row * width + moment] = 0 }
            }
        }
        return try Tensor(heard, shape: [counts.count, width, 1])
    }
}
