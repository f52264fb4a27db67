public import AttentionTensors

/// s_ij = tanh(q_iᵀ W k_j + b).
///
/// *Source:* Ma, Li, Zhang & Wang 2017, *Interactive Attention Networks for Aspect-Level Sentiment Classification*, sec. 2.
public struct ActivatedGeneralScore: Score {
    /// W, [Dq, Dk].
    public var weight: Parameter
    /// b, [1].
    public var scoreBias: Parameter

    /// A score with these parameters.
    public init(weight: Tensor, scoreBias: Tensor) {
        self.weight = Parameter(weight)
        self.scoreBias = Parameter(scoreBias)
    }

    /// W k, so that the comparison that remains is an inner product with the query.
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { try linear(keys, weight: weight) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        guard scoreBias.shape == [1] else {
            throw ShapeError("activated general", expected: "a bias [1]", found: "\(scoreBias.shape)")
        }
        return (try innerProducts(query, keys, scale: 1) + scoreBias.tensor).hyperbolicTangent()
    }

    /// `weight` and `score_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try scoreBias.visit(&visitor, path / "score_bias")
    }
}

extension Score where Self == ActivatedGeneralScore {
    /// A bilinear form within (−1, 1), its weight drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func activatedGeneral(querySize: Int, keySize: Int, key: RandomKey) -> ActivatedGeneralScore {
        ActivatedGeneralScore(weight: .glorot([querySize, keySize], key: key), scoreBias: .zeros([1]))
    }
}

extension ActivatedGeneralScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "activated_general", "Activated general", .score,
        formula: "s = tanh(qᵀ W k + b)",
        cost: "O(KD² + QKD)",
        use: "As general, with scores kept within ±1, so that no key takes all: aspect-level sentiment.",
        source: "Ma et al. 2017, Interactive Attention Networks, sec. 2",
        fresh: .drawn { ActivatedGeneralScore.activatedGeneral(querySize: $0.querySize, keySize: $0.keySize, key: $1) },
        example: PartExample { $0.parameters(["weight": [$0.size, $0.size], "score_bias": [1]]) }
    ) { request in
        ActivatedGeneralScore(weight: try request.tensor("weight"), scoreBias: try request.tensor("score_bias"))
    }
}
