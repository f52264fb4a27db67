internal import Glibc

/// P = max(e^z − 1, 0) / (Σ |e^z − 1| + ε): keys with scores below 0 get nothing, and yet hold the others down.
///
/// Rows sum to 1 or less, so a query that finds nothing may look at nothing, and no key has to serve as a sink.
/// dz_j = e^z_j / D · ([z_j > 0] dP_j − sign(z_j) Σ P dP), D the denominator.
///
/// *Source:* Zuhri, Fuadi & Aji 2025, *Softpick: No Attention Sink, No Massive Activations with Rectified Softmax*, eq. 3.
/// - Complexity: O(n) a row.
public struct SoftpickNormalizer: RowNormalizer {
    /// ε, above 0.
    public let epsilon: Double

    /// A normalizer with this ε, which counts only where all scores are 0.
    /// - Precondition: ε is above 0.
    public init(epsilon: Double = 1e-8) {
        precondition(epsilon > 0, "SoftpickNormalizer: expected an epsilon above 0, found \(epsilon)")
        self.epsilon = epsilon
    }

    public func weigh(_ row: inout [Double]) {
        let terms = terms(row)
        for index in row.indices { row[index] = max(terms.excess[index], 0) / terms.denominator }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        let terms = terms(scores)
        let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
        for index in gradient.indices {
            let own = scores[index] > 0 ? gradient[index] - mean : scores[index] < 0 ? mean : 0
            gradient[index] = exp(scores[index] - terms.scale) / terms.denominator * own
        }
    }

    /// e^z − 1 and the denominator, both divided by e^scale, so that large scores stay in range.
    private func terms(_ scores: [Double]) -> (excess: [Double], denominator: Double, scale: Double) {
        let scale = max(scores.max() ?? 0, 0)
        let excess = scores.map { scale == 0 ? expm1($0) : exp($0 - scale) - exp(-scale) }
        return (excess, excess.reduce(epsilon * exp(-scale)) { $0 + abs($1) }, scale)
    }
}

extension Normalizer where Self == SoftpickNormalizer {
    /// Rectified softmax.
    public static func softpick(epsilon: Double = 1e-8) -> SoftpickNormalizer { SoftpickNormalizer(epsilon: epsilon) }
}

extension SoftpickNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "softpick", "Softpick (rectified softmax)", .normalizer, formula: "P = max(e^z − 1, 0) / (Σ |e^z − 1| + ε)",
        cost: "O(QK)", use: "Weights that are exactly 0 below a score of 0, and heads that may look at nothing.",
        source: "Zuhri, Fuadi & Aji 2025, Softpick: No Attention Sink, No Massive Activations, eq. 3",
        options: [.number("epsilon", .positive, default: 1e-8), .temperature], fresh: .plain(SoftpickNormalizer())
    ) { request in
        try request.tempered(SoftpickNormalizer(epsilon: request.options.number("epsilon")))
    }
}
