public import AttentionTensors

/// Softmax over the queries, so that they compete for each key; then every row, plus ε, divided by its sum: a weighted mean of values.
///
/// *Source:* Locatello et al. 2020, *Object-Centric Learning with Slot Attention*, algorithm 1.
public struct OverQueriesNormalizer: Normalizer {
    /// ε, added to visible weights before the division.
    public let epsilon: Double

    /// A normalizer with this ε.
    /// - Precondition: ε is at least 0. At 0 a query that wins nothing of any key has no weights.
    public init(epsilon: Double) {
        precondition(epsilon >= 0, "OverQueriesNormalizer: expected an epsilon of at least 0, found \(epsilon)")
        self.epsilon = epsilon
    }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        guard scores.shape.rank >= 2 else {
            throw ShapeError("over queries", expected: "scores [..., Q, K]", found: "\(scores.shape)")
        }
        let won = try scores.transposed().softmax(visible: visible?.transposed()).transposed()
        return try won.mappingRows(visible: visible) {
            divide(&$0)
        } pullback: {
            pullBackDivision(&$0, shares: $1, weights: $2)
        }
    }

    /// (p + ε) / Σ (p + ε), or 0 where the sum is 0.
    private func divide(_ row: inout [Double]) {
        let factor = reciprocalSum(row)
        for index in row.indices { row[index] = (row[index] + epsilon) * factor }
    }

    /// dp = (dw − Σ w dw) / Σ (p + ε).
    private func pullBackDivision(_ gradient: inout [Double], shares: [Double], weights: [Double]) {
        let factor = reciprocalSum(shares)
        let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
        for index in gradient.indices { gradient[index] = (gradient[index] - mean) * factor }
    }

    /// 1 / Σ (p + ε), or 0 where the sum is 0.
    private func reciprocalSum(_ shares: [Double]) -> Double {
        let sum = shares.reduce(0) { $0 + $1 + epsilon }
        return sum > 0 ? 1 / sum : 0
    }
}

extension Normalizer where Self == OverQueriesNormalizer {
    /// Softmax over the queries, then a mean over the keys.
    public static func overQueries(epsilon: Double = 1e-8) -> OverQueriesNormalizer {
        OverQueriesNormalizer(epsilon: epsilon)
    }
}

extension OverQueriesNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "over_queries", "Softmax over queries", .normalizer,
        formula: "softmax over i, + ε, rows divided by their sum",
        cost: "O(QK)", use: "Queries compete for keys: slots that explain an image.",
        source: "Locatello et al. 2020, Slot Attention, algorithm 1",
        options: [.number("epsilon", .from(0), default: 0), .temperature],
        fresh: .refused("one that weighs every query by itself, as a decoder does step by step"),
        example: PartExample(["epsilon": .number(1e-8)])
    ) { request in try request.tempered(OverQueriesNormalizer(epsilon: request.options.number("epsilon"))) }
}
