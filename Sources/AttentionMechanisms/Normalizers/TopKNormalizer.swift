/// Softmax over the k largest scores of each row, 0 elsewhere; of equals the earlier key is kept. Gradients flow through the kept ones.
///
/// *Source:* Zhao et al. 2019, *Explicit Sparse Transformer*.
/// - Complexity: O(n log n) a row.
public struct TopKNormalizer: RowNormalizer {
    /// k, at least 1.
    public let count: Int

    /// A normalizer that keeps `count` keys.
    /// - Precondition: the count is at least 1.
    public init(count: Int) {
        precondition(count >= 1, "TopKNormalizer: expected a count of at least 1, found \(count)")
        self.count = count
    }

    public func weigh(_ row: inout [Double]) {
        let scores = row
        let best = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count)
        var kept = best.map { scores[$0] }
        softmaxRow(&kept)
        for index in row.indices { row[index] = 0 }
        for (index, weight) in zip(best, kept) { row[index] = weight }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        pullBackSoftmaxRow(&gradient, weights: weights)
    }
}

extension Normalizer where Self == TopKNormalizer {
    /// Softmax over the `count` best keys.
    public static func topK(_ count: Int) -> TopKNormalizer { TopKNormalizer(count: count) }
}

extension TopKNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "top_k", "Top-k", .normalizer,
        formula: "softmax over the k largest z", cost: "O(QK log K)",
        use: "Noise from many irrelevant keys is cut off; memories searched by nearest neighbours.",
        source: "Zhao et al. 2019, Explicit Sparse Transformer",
        options: [.integer("k", .from(1)), .temperature],
        fresh: .refused("one that needs no number of its own"),
        example: PartExample(["k": .number(3)])
    ) { request in try request.tempered(TopKNormalizer(count: request.options.integer("k"))) }
}
