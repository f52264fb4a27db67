public import AttentionTensors

/// s_ij = k_j · (W q_i + b).
///
/// *Source:* Sordoni, Bachman, Trischler & Bengio 2016, *Iterative Alternating Neural Attention for Machine Reading*.
public struct BiasedGeneralScore: Score {
    /// W, [Dk, Dq].
    public var weight: Parameter
    /// b, [Dk].
    public var queryBias: Parameter

    /// A score with these parameters.
    public init(weight: Tensor, queryBias: Tensor) {
        self.weight = Parameter(weight)
        self.queryBias = Parameter(queryBias)
    }

    /// W q + b.
    public func transform(query: Tensor) throws(ShapeError) -> Tensor {
        try linear(query, weight: weight, bias: queryBias)
    }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try innerProducts(query, keys, scale: 1)
    }

    public func innerProductScale(size: Int) -> Float? { 1 }

    /// `weight` and `query_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try queryBias.visit(&visitor, path / "query_bias")
    }
}

extension Score where Self == BiasedGeneralScore {
    /// A bilinear form with a bias, its weight drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func biasedGeneral(querySize: Int, keySize: Int, key: RandomKey) -> BiasedGeneralScore {
        BiasedGeneralScore(weight: .glorot([keySize, querySize], key: key), queryBias: .zeros([keySize]))
    }
}

extension BiasedGeneralScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "biased_general", "Biased general", .score,
        formula: "s = k · (W q + b)", cost: "O(QD² + QKD)",
        use: "As general, with keys that are preferred whatever is asked.",
        source: "Sordoni, Bachman, Trischler & Bengio 2016, Iterative Alternating Neural Attention",
        fresh: .drawn { BiasedGeneralScore.biasedGeneral(querySize: $0.querySize, keySize: $0.keySize, key: $1) },
        example: PartExample { $0.parameters(["weight": [$0.size, $0.size], "query_bias": [$0.size]]) }
    ) { request in
        BiasedGeneralScore(weight: try request.tensor("weight"), queryBias: try request.tensor("query_bias"))
    }
}
