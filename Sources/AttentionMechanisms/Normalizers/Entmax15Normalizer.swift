/// P = max(z / 2 − τ, 0)² with Σ P = 1: halfway between softmax and sparsemax; τ exactly, by sorting.
///
/// With u = √P on the support: dz = u (dP − Σ u dP / Σ u).
///
/// *Source:* Peters, Niculae & Martins 2019, *Sparse Sequence-to-Sequence Models*, algorithm 2.
/// - Complexity: O(n log n) a row.
public struct Entmax15Normalizer: RowNormalizer {
    public func weigh(_ row: inout [Double]) {
        let maximum = row.max() ?? 0
        for index in row.indices { row[index] = (row[index] - maximum) / 2 }
        let threshold = Self.threshold(ofSorted: row.sorted(by: >))
        for index in row.indices {
            let root = max(row[index] - threshold, 0)
            row[index] = root * root
        }
    }

    /// The τ with Σ max(x − τ, 0)² = 1, from the mean and the squared deviations of the largest entries, updated as each joins.
    private static func threshold(ofSorted values: [Double]) -> Double {
        var (mean, deviations, threshold) = (0.0, 0.0, -1.0)
        for (rank, value) in values.enumerated() {
            let count = Double(rank + 1)
            let distance = value - mean
            mean += distance / count
            deviations += distance * (value - mean)
            guard deviations <= 1 else { break }
            let candidate = mean - ((1 - deviations) / count).squareRoot()
            guard candidate <= value else { break }
            threshold = candidate
        }
        return threshold
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        pullBackEntmaxRow(&gradient, weights: weights, alpha: 1.5)
    }
}

extension Normalizer where Self == Entmax15Normalizer {
    /// Entmax with α = 1.5.
    public static var entmax15: Entmax15Normalizer { Entmax15Normalizer() }
}

extension Entmax15Normalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "entmax15", "1.5-entmax", .normalizer,
        formula: "P = max(z/2 − τ, 0)², Σ P = 1", cost: "O(QK log K)",
        use: "Sparse as sparsemax, smooth as softmax: often the best of both.",
        source: "Peters, Niculae & Martins 2019, Sparse Sequence-to-Sequence Models, algorithm 2",
        options: [.temperature],
        fresh: .plain(Entmax15Normalizer.entmax15)
    ) { request in try request.tempered(Entmax15Normalizer.entmax15) }
}
