package import AttentionMusic
package import AttentionTensors
package import AttentionTraining

/// Stretches of chorales, each drawn anew: a piece, a transposition in which no voice leaves its range, a place to begin.
///
/// One in so many begins at the beginning, and one ends at the end, more often than their share of all places: beginnings and cadences are learnt
/// from them.
package struct ChoraleBatches: BatchSource {
    private let pieces: [ChoraleGrid]
    private let batchSize: Int
    private let length: Int
    private let key: RandomKey

    /// Batches of so many stretches of `length` tokens and the one behind them, all drawn from `key`.
    package init(_ pieces: [ChoraleGrid], batchSize: Int, length: Int, key: RandomKey) {
        (self.pieces, self.batchSize, self.length, self.key) = (pieces, batchSize, length, key)
    }

    /// A hundred batches.
    package func epoch(_ number: Int) -> Epoch<[[Int]]> {
        Epoch(count: 100) { batch in
            var generator = key[number][batch].generator()
            return try (0..<batchSize).map { _ in try stretch(&generator) }
        }
    }

    private func stretch(_ generator: inout RandomGenerator) throws -> [Int] {
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
        let semitones = Int.random(in: piece.transpositions, using: &generator)
        let tokens = try ChoraleVocabulary.tokens(of: piece.transposed(by: semitones))
        let (last, margin) = (max(0, tokens.count - length - 1), length / 4)
        let start = min(max(0, Int.random(in: -margin...last + margin, using: &generator)), last)
        return Array(tokens[start..<min(tokens.count, start + length + 1)])
    }
}
