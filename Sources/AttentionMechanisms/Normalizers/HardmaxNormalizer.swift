/// All attention on the key with the largest score, the first of equals. No gradient flows to the scores.
///
/// *Source:* Xu et al. 2015, *Show, Attend and Tell*, sec. 4.1 (hard attention, as used at test time).
public struct HardmaxNormalizer: RowNormalizer {
    public func weigh(_ row: inout [Double]) {
        var best = 0
        for index in row.indices where row[index] > row[best] { best = index }
        for index in row.indices { row[index] = index == best ? 1 : 0 }
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        for index in gradient.indices { gradient[index] = 0 }
    }
}

extension Normalizer where Self == HardmaxNormalizer {
    /// One key takes all.
    public static var hardmax: HardmaxNormalizer { HardmaxNormalizer() }
}

extension HardmaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "hardmax", "Hardmax", .normalizer,
        formula: "P = one-hot(argmax z)", cost: "O(QK)",
        use: "Hard attention when it is used rather than trained.", source: "Xu et al. 2015, Show, Attend and Tell",
        options: [.temperature],
        fresh: .refused("one that gradients flow through")
    ) { request in try request.tempered(HardmaxNormalizer.hardmax) }
}
