/// P = max(z − τ, 0) with Σ P = 1: the point of the simplex nearest to the scores, most of it usually 0.
///
/// τ is found by sorting; dz = dP − mean of dP over the support, and 0 outside.
///
/// *Source:* Martins & Astudillo 2016, *From Softmax to Sparsemax*, algorithm 1.
/// - Complexity: O(n log n) a row.
public struct SparsemaxNormalizer: RowNormalizer {
    public func weigh(_ row: inout [Double]) {
        // Relative to the maximum, so that sums stay exact however large the scores are.
        let maximum = row.max() ?? 0
        for index in row.indices { row[index] -= maximum }
        var (sum, threshold) = (0.0, -1.0)
        for (rank, score) in row.sorted(by: >).enumerated() {
            sum += score
            guard 1 + Double(rank + 1) * score > sum else { break }
            threshold = (sum - 1) / Double(rank + 1)
        }
        for index in row.indices { row[index] = max(row[index] - threshold, 0) }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        pullBackEntmaxRow(&gradient, weights: weights, alpha: 2)
    }
}

extension Normalizer where Self == SparsemaxNormalizer {
    /// The projection onto the simplex.
    public static var sparsemax: SparsemaxNormalizer { SparsemaxNormalizer() }
}

extension SparsemaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "sparsemax", "Sparsemax", .normalizer,
        formula: "P = max(z − τ, 0), Σ P = 1", cost: "O(QK log K)",
        use: "Weights that are exactly 0 for most keys, and still differentiable: alignments to be read.",
        source: "Martins & Astudillo 2016, From Softmax to Sparsemax, algorithm 1",
        options: [.temperature],
        fresh: .plain(SparsemaxNormalizer.sparsemax)
    ) { request in try request.tempered(SparsemaxNormalizer.sparsemax) }
}
