public import AttentionTensors

/// s_ij = g (v / |v|) · tanh(W q_i + U k_j + b): the additive score with the length of its vector as a parameter of its own.
///
/// *Source:* Bahdanau, Cho & Bengio 2015, sec. A.1.2, with Salimans & Kingma 2016, *Weight Normalization*, eq. 2.
public struct NormedAdditiveScore: Score {
    /// W, [A, Dq].
    public var queryWeight: Parameter
    /// U, [A, Dk].
    public var keyWeight: Parameter
    /// v, [A], of which only the direction counts; not all zero.
    public var vector: Parameter
    /// g, [1].
    public var gain: Parameter
    /// b, [A].
    public var hiddenBias: Parameter?

    /// A score with these parameters.
    public init(queryWeight: Tensor, keyWeight: Tensor, vector: Tensor, gain: Tensor, hiddenBias: Tensor? = nil) {
        self.queryWeight = Parameter(queryWeight)
        self.keyWeight = Parameter(keyWeight)
        self.vector = Parameter(vector)
        self.gain = Parameter(gain)
        self.hiddenBias = hiddenBias.map { Parameter($0) }
    }

    /// W q + b.
    public func transform(query: Tensor) throws(ShapeError) -> Tensor {
        try linear(query, weight: queryWeight, bias: hiddenBias)
    }

    /// U k.
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { try linear(keys, weight: keyWeight) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        guard gain.shape == [1] else {
            throw ShapeError("normed additive", expected: "a gain [1]", found: "\(gain.shape)")
        }
        let length = (vector.tensor * vector.tensor).sum().squareRoot()
        return try additiveScores(query, keys, vector: vector.tensor * (gain.tensor / length))
    }

    /// `weight_query`, `weight_key`, `vector`, `gain` and, if there is one, `hidden_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try queryWeight.visit(&visitor, path / "weight_query")
        try keyWeight.visit(&visitor, path / "weight_key")
        try vector.visit(&visitor, path / "vector")
        try gain.visit(&visitor, path / "gain")
        try hiddenBias.visit(&visitor, path / "hidden_bias")
    }
}

extension Score where Self == NormedAdditiveScore {
    /// Bahdanau's score with a vector of length 1 / √`hiddenSize`; weights are drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func normedAdditive(
        querySize: Int, keySize: Int, hiddenSize: Int, key: RandomKey
    ) -> NormedAdditiveScore {
        NormedAdditiveScore(
            queryWeight: .glorot([hiddenSize, querySize], key: key[0]),
            keyWeight: .glorot([hiddenSize, keySize], key: key[1]), vector: .glorot([hiddenSize], key: key[2]),
            gain: .full(1 / Float(max(hiddenSize, 1)).squareRoot(), [1]), hiddenBias: .zeros([hiddenSize]))
    }
}

extension NormedAdditiveScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "normed_additive", "Normed additive", .score,
        formula: "s = g v/|v| · tanh(W q + U k + b)",
        cost: "O((Q + K)DA + QKA)", use: "The additive score where training is unstable or slow.",
        source: "Bahdanau 2015 with Salimans & Kingma 2016, Weight Normalization, eq. 2",
        fresh: .drawn {
            NormedAdditiveScore.normedAdditive(
                querySize: $0.querySize, keySize: $0.keySize, hiddenSize: $0.hiddenSize, key: $1)
        },
        example: PartExample {
            $0.network + ["gain": .real(.ones([1]) * 4), "hidden_bias": .real($0.parameter("hidden_bias", [16]))]
        }
    ) { request in
        NormedAdditiveScore(
            queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
            vector: try request.tensor("vector"), gain: try request.tensor("gain"),
            hiddenBias: try request.tensor(ifPresent: "hidden_bias"))
    }
}

extension Score where Self == NormedAdditiveScore {
    /// The score that decides where a monotonic process stops.
    static func stopping(_ settings: PartSettings, key: RandomKey) -> NormedAdditiveScore {
        .normedAdditive(
            querySize: settings.querySize, keySize: settings.keySize, hiddenSize: settings.hiddenSize, key: key)
    }
}
