public import AttentionTensors
internal import Glibc

/// exp(s) with rows and columns divided by their sums in turn, rows first: towards weights whose rows and columns all sum to 1.
///
/// In logarithms until the last division, which is a softmax; one iteration is softmax itself.
///
/// *Source:* Sander et al. 2022, *Sinkformers: Transformers with Doubly Stochastic Attention*, sec. 3; Sinkhorn 1964.
/// - Complexity: O(iterations · Q · K) for each head.
public struct SinkhornNormalizer: Normalizer {
    /// How many divisions there are, of rows and columns together, at least 1.
    public let iterations: Int

    /// A normalizer of so many divisions.
    /// - Precondition: there is at least one.
    public init(iterations: Int) {
        precondition(iterations >= 1, "SinkhornNormalizer: expected at least one iteration, found \(iterations)")
        self.iterations = iterations
    }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        guard scores.shape.rank >= 2 else {
            throw ShapeError("sinkhorn", expected: "scores [..., Q, K]", found: "\(scores.shape)")
        }
        // What is divided next stands in the rows.
        var (logarithms, mask, turnedMask) = (scores, visible, visible?.transposed())
        for _ in 1..<iterations {
            logarithms = try logarithms.mappingRows(visible: mask, logSoftmax, pullback: pullBackLogSoftmax)
                .transposed()
            swap(&mask, &turnedMask)
        }
        let weights = try logarithms.softmax(visible: mask)
        return iterations % 2 == 1 ? weights : weights.transposed()
    }
}

/// z − ln Σ exp z.
@Sendable private func logSoftmax(_ row: inout [Double]) {
    let maximum = row.max() ?? 0
    let logSum = maximum + log(row.reduce(0) { $0 + exp($1 - maximum) })
    for index in row.indices { row[index] -= logSum }
}

/// dz = dy − exp(y) Σ dy.
@Sendable private func pullBackLogSoftmax(_ gradient: inout [Double], scores: [Double], images: [Double]) {
    let sum = gradient.reduce(0, +)
    for index in gradient.indices { gradient[index] -= exp(images[index]) * sum }
}

extension Normalizer where Self == SinkhornNormalizer {
    /// Rows and columns divided in turn.
    public static func sinkhorn(iterations: Int) -> SinkhornNormalizer { SinkhornNormalizer(iterations: iterations) }
}

extension SinkhornNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "sinkhorn", "Sinkhorn", .normalizer,
        formula: "rows and columns of exp(z) divided by their sums in turn",
        cost: "O(T QK)", use: "Matchings: every key is to be looked at as much as every other.",
        source: "Sander et al. 2022, Sinkformers, sec. 3",
        options: [.integer("iterations", .from(1)), .temperature],
        fresh: .refused("one that weighs every query by itself, as a decoder does step by step"),
        example: PartExample(["iterations": .number(20)])
    ) { request in try request.tempered(SinkhornNormalizer(iterations: request.options.integer("iterations"))) }
}
