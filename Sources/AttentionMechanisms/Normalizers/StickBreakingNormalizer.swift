internal import Glibc

/// P_j = σ(z_j) Π_{k > j} (1 − σ(z_k)): from the last visible key backwards, each takes its share of what is left of a stick.
///
/// In logarithms: ln P_j = ln σ(z_j) + Σ_{k > j} ln σ(−z_k); dz_k = σ(−z_k) P_k dP_k − σ(z_k) Σ_{j < k} P_j dP_j. Usually causal, each
/// query seeing the keys before it only.
///
/// *Source:* Tan et al. 2024, *Stick-breaking Attention*; Csordás, Irie & Schmidhuber 2022, *The Neural Data Router*.
public struct StickBreakingNormalizer: RowNormalizer {
    public func weigh(_ row: inout [Double]) {
        var left = 0.0
        for index in row.indices.reversed() {
            let score = row[index]
            row[index] = exp(logLogistic(score) + left)
            left += logLogistic(-score)
        }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        var earlier = 0.0
        for (index, score) in scores.enumerated() {
            let own = weights[index] * gradient[index]
            gradient[index] = logistic(-score) * own - logistic(score) * earlier
            earlier += own
        }
    }
}

extension Normalizer where Self == StickBreakingNormalizer {
    /// Shares of a stick broken from the last key backwards.
    public static var stickBreaking: StickBreakingNormalizer { StickBreakingNormalizer() }
}

extension StickBreakingNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "stick_breaking", "Stick-breaking", .normalizer,
        formula: "P_j = σ(z_j) Π_{k>j} (1 − σ(z_k))",
        cost: "O(QK)",
        use: "The latest match wins: recency without positions. Causal with offset −1.",
        source: "Tan et al. 2024, Stick-breaking Attention; Csordás et al. 2022",
        options: [.temperature],
        fresh: .plain(StickBreakingNormalizer.stickBreaking)
    ) { request in try request.tempered(StickBreakingNormalizer.stickBreaking) }
}
