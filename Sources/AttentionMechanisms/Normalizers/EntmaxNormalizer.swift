internal import Glibc

/// P = max((α − 1) z − τ, 0)^(1 / (α − 1)) with Σ P = 1: softmax at α = 1, sparsemax at α = 2, sparser as α grows.
///
/// τ is found by bisection. With u = P^(2 − α) on the support: dz = u (dP − Σ u dP / Σ u).
///
/// *Source:* Peters, Niculae & Martins 2019, *Sparse Sequence-to-Sequence Models*, algorithm 1 and proposition 2.
/// - Complexity: O(n) a row, with one power per entry and bisection step.
public struct EntmaxNormalizer: RowNormalizer {
    /// α, at least 1.
    public let alpha: Double

    /// The normalizer of this α.
    /// - Precondition: α is at least 1.
    public init(alpha: Double) {
        precondition(alpha >= 1, "EntmaxNormalizer: expected an alpha of at least 1, found \(alpha)")
        self.alpha = alpha
    }

    public func weigh(_ row: inout [Double]) {
        guard alpha > 1 else { return softmaxRow(&row) }
        let maximum = row.max() ?? 0
        for index in row.indices { row[index] = (alpha - 1) * (row[index] - maximum) }
        // The largest weight is at most 1, so τ is at least −1; at 0 no weight is left.
        var (low, high) = (-1.0, 0.0)
        for _ in 0..<Double.significandBitCount {
            let middle = (low + high) / 2
            if row.reduce(0, { $0 + weight($1 - middle) }) >= 1 { low = middle } else { high = middle }
        }
        for index in row.indices { row[index] = weight(row[index] - low) }
        let sum = row.reduce(0, +)
        for index in row.indices { row[index] /= sum }
    }

    private func weight(_ excess: Double) -> Double { excess > 0 ? pow(excess, 1 / (alpha - 1)) : 0 }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        pullBackEntmaxRow(&gradient, weights: weights, alpha: alpha)
    }
}

extension Normalizer where Self == EntmaxNormalizer {
    /// Entmax with any α from 1 up.
    public static func entmax(alpha: Double) -> EntmaxNormalizer { EntmaxNormalizer(alpha: alpha) }
}

extension EntmaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "entmax", "α-entmax", .normalizer,
        formula: "P = [(α − 1)z − τ]₊^(1/(α − 1)), Σ P = 1",
        cost: "O(QK) times bisection steps",
        use: "As sparse as you like, from softmax (α = 1) to sparsemax (2) and beyond.",
        source: "Peters, Niculae & Martins 2019, algorithm 1",
        options: [.number("alpha", .from(1)), .temperature],
        fresh: .refused("one that needs no number of its own"),
        example: PartExample(["alpha": .number(1.2)])
    ) { request in try request.tempered(EntmaxNormalizer(alpha: request.options.number("alpha"))) }
}
