internal import Glibc

/// P = σ(z + b): every key is judged by itself, and rows need not sum to 1. dz = dP P (1 − P).
///
/// *Source:* Ramapuram et al. 2024, *Theory, Analysis, and Best Practices for Sigmoid Self-Attention*.
public struct SigmoidNormalizer: RowNormalizer {
    /// What is added to the scores.
    public enum Bias: Sendable, Hashable, ExpressibleByFloatLiteral {
        /// The same number everywhere.
        case constant(Double)
        /// −ln n, with n the number of keys that the query may see.
        case negativeLogLength

        /// A constant.
        public init(floatLiteral value: Double) { self = .constant(value) }

        fileprivate func value(count: Int) -> Double {
            switch self {
            case .constant(let value): value
            case .negativeLogLength: -log(Double(count))
            }
        }
    }

    /// b.
    public let bias: Bias

    public func weigh(_ row: inout [Double]) {
        let term = bias.value(count: row.count)
        for index in row.indices { row[index] = logistic(row[index] + term) }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        for index in gradient.indices { gradient[index] *= weights[index] * (1 - weights[index]) }
    }
}

extension Normalizer where Self == SigmoidNormalizer {
    /// The logistic function of each score plus a bias: a number, or `.negativeLogLength`.
    public static func sigmoid(bias: SigmoidNormalizer.Bias = 0.0) -> SigmoidNormalizer {
        SigmoidNormalizer(bias: bias)
    }
}

extension SigmoidNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "sigmoid", "Sigmoid", .normalizer,
        formula: "P = σ(z + b), b a number or −ln n", cost: "O(QK)",
        use: "Every key is judged by itself; no row sums, so it is quick and parallel.",
        source: "Ramapuram et al. 2024, Sigmoid Self-Attention",
        options: [.other("bias", "a number or neg_log_length", default: .number(0)), .temperature],
        fresh: .plain(SigmoidNormalizer.sigmoid(bias: .negativeLogLength)),
        example: PartExample(["bias": .text("neg_log_length")])
    ) { request in try request.tempered(SigmoidNormalizer.sigmoid(bias: bias(request.options))) }
}

extension SigmoidNormalizer {
    /// A number, or "neg_log_length".
    private static func bias(_ options: Options) throws -> Bias {
        switch try options.value("bias") {
        case .number(let bias)?: return .constant(bias)
        case .text("neg_log_length")?: return .negativeLogLength
        case .text(let text)?:
            throw RequestError.unknown(kind: "bias of sigmoid", name: text, known: ["neg_log_length"])
        case let other: throw options.unfit("bias", "a number", other ?? .nothing)
        }
    }
}
