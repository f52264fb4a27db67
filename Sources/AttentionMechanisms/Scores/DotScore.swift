public import AttentionTensors

/// s_ij = q_i · k_j.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, sec. 3.1.
public struct DotScore: Score {
    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try innerProducts(query, keys, scale: 1)
    }

    public func innerProductScale(size: Int) -> Float? { 1 }
}

extension Score where Self == DotScore {
    /// The inner product.
    public static var dot: DotScore { DotScore() }
}

extension DotScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "dot", "Dot product", .score,
        formula: "s = q · k", cost: "O(QKD)",
        use: "Queries and keys live in one space and are of one length. The simplest score, and the fastest.",
        source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, sec. 3.1",
        fresh: .plain(DotScore.dot)
    ) { _ in DotScore.dot }
}
