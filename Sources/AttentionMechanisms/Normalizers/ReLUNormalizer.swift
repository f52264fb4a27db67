/// P = max(z, 0)^power / n, with n the number of keys that the query may see. dz = power · max(z, 0)^(power − 1) dP / n.
///
/// *Source:* Wortsman et al. 2023, *Replacing softmax with ReLU in Vision Transformers* (power 1); Hua et al. 2022, *Transformer Quality
/// in Linear Time* (power 2). Both divide by the sequence length; here only visible keys count.
public struct ReLUNormalizer: RowNormalizer {
    /// The exponent, at least 1.
    public let power: Int

    /// A normalizer with this exponent.
    /// - Precondition: the exponent is at least 1.
    public init(power: Int) {
        precondition(power >= 1, "ReLUNormalizer: expected a power of at least 1, found \(power)")
        self.power = power
    }

    public func weigh(_ row: inout [Double]) {
        let count = Double(row.count)
        for index in row.indices { row[index] = raised(max(row[index], 0), to: power) / count }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        let factor = Double(power) / Double(scores.count)
        for (index, score) in scores.enumerated() {
            gradient[index] *= score > 0 ? factor * raised(score, to: power - 1) : 0
        }
    }

    private func raised(_ base: Double, to exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}

extension Normalizer where Self == ReLUNormalizer {
    /// The positive part of each score, to a power, divided by the number of keys.
    public static func relu(power: Int = 1) -> ReLUNormalizer { ReLUNormalizer(power: power) }
}

extension ReLUNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "relu", "ReLU", .normalizer,
        formula: "P = max(z, 0)^power / n", cost: "O(QK)",
        use: "Vision models without an exponential; power 2 in fast language models.",
        source: "Wortsman et al. 2023; Hua et al. 2022",
        options: [.integer("power", .from(1), default: 1), .temperature],
        fresh: .plain(ReLUNormalizer.relu())
    ) { request in try request.tempered(ReLUNormalizer(power: request.options.integer("power"))) }
}
