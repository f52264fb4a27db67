public import AttentionTensors

/// s_ij = q_iᵀ W k_j.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, sec. 3.1 (the paper's W_a).
public struct GeneralScore: Score {
    /// W, [Dq, Dk].
    public var weight: Parameter

    /// A score with this weight [Dq, Dk].
    public init(weight: Tensor) { self.weight = Parameter(weight) }

    /// W k, so that the comparison that remains is an inner product with the query.
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { try linear(keys, weight: weight) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try innerProducts(query, keys, scale: 1)
    }

    public func innerProductScale(size: Int) -> Float? { 1 }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}

extension Score where Self == GeneralScore {
    /// A bilinear form whose weight is drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func general(querySize: Int, keySize: Int, key: RandomKey) -> GeneralScore {
        GeneralScore(weight: .glorot([querySize, keySize], key: key))
    }
}

extension GeneralScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "general", "General (bilinear)", .score,
        formula: "s = qᵀ W k", cost: "O(KD² + QKD)",
        use: "Queries and keys come from different spaces, or of different sizes.",
        source: "Luong, Pham & Manning 2015, sec. 3.1",
        fresh: .drawn { GeneralScore.general(querySize: $0.querySize, keySize: $0.keySize, key: $1) },
        example: PartExample { $0.parameters(["weight": [$0.size, $0.size]]) }
    ) { request in GeneralScore(weight: try request.tensor("weight")) }
}
