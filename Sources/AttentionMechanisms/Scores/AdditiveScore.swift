public import AttentionTensors

/// s_ij = v · tanh(W q_i + U k_j + b).
///
/// *Source:* Bahdanau, Cho & Bengio 2015, *Neural Machine Translation by Jointly Learning to Align and Translate*, sec. A.1.2
/// (the paper's W_a, U_a, v_a; the bias is an option many implementations add).
public struct AdditiveScore: Score {
    /// W, [A, Dq].
    public var queryWeight: Parameter
    /// U, [A, Dk].
    public var keyWeight: Parameter
    /// v, [A].
    public var vector: Parameter
    /// b, [A].
    public var hiddenBias: Parameter?

    /// A score with these parameters.
    public init(queryWeight: Tensor, keyWeight: Tensor, vector: Tensor, hiddenBias: Tensor? = nil) {
        self.queryWeight = Parameter(queryWeight)
        self.keyWeight = Parameter(keyWeight)
        self.vector = Parameter(vector)
        self.hiddenBias = hiddenBias.map { Parameter($0) }
    }

    /// W q + b.
    public func transform(query: Tensor) throws(ShapeError) -> Tensor {
        try linear(query, weight: queryWeight, bias: hiddenBias)
    }

    /// U k.
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { try linear(keys, weight: keyWeight) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try additiveScores(query, keys, vector: vector.tensor)
    }

    /// `weight_query`, `weight_key`, `vector` and, if there is one, `hidden_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try queryWeight.visit(&visitor, path / "weight_query")
        try keyWeight.visit(&visitor, path / "weight_key")
        try vector.visit(&visitor, path / "vector")
        try hiddenBias.visit(&visitor, path / "hidden_bias")
    }
}

extension Score where Self == AdditiveScore {
    /// Bahdanau's score with a hidden layer of `hiddenSize`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func additive(querySize: Int, keySize: Int, hiddenSize: Int, key: RandomKey) -> AdditiveScore {
        AdditiveScore(
            queryWeight: .glorot([hiddenSize, querySize], key: key[0]),
            keyWeight: .glorot([hiddenSize, keySize], key: key[1]),
            vector: .glorot([hiddenSize], key: key[2]), hiddenBias: .zeros([hiddenSize]))
    }
}

extension AdditiveScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "additive", "Additive", .score,
        formula: "s = v · tanh(W q + U k + b)", cost: "O((Q + K)DA + QKA)",
        use:
            "A small network compares: better than an unscaled dot product for large D, slower than it on any machine.",
        source: "Bahdanau, Cho & Bengio 2015, NMT by Jointly Learning to Align and Translate, sec. A.1.2",
        fresh: .drawn {
            AdditiveScore.additive(querySize: $0.querySize, keySize: $0.keySize, hiddenSize: $0.hiddenSize, key: $1)
        },
        example: PartExample(tensors: \.network)
    ) { request in try AdditiveScore(of: request) }
}

extension AdditiveScore {
    /// `weight_query`, `weight_key`, `vector` and, if there is one, `hidden_bias`.
    package init(of request: Request) throws {
        self.init(
            queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
            vector: try request.tensor("vector"), hiddenBias: try request.tensor(ifPresent: "hidden_bias"))
    }
}

extension Score where Self == AdditiveScore {
    /// The score by which places are compared.
    static func comparing(_ settings: PartSettings, key: RandomKey) -> AdditiveScore {
        .additive(querySize: settings.querySize, keySize: settings.keySize, hiddenSize: settings.hiddenSize, key: key)
    }
}
