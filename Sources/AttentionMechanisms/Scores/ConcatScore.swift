public import AttentionTensors

/// s_ij = v · tanh(W [q_i; k_j]): the additive score with one weight, split by columns into the query's and the key's part.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, sec. 3.1 (the paper's W_a, v_a).
public struct ConcatScore: Score {
    /// W, [A, Dq + Dk], the query's columns first.
    public var weight: Parameter
    /// v, [A].
    public var vector: Parameter
    /// Dq, where the split is.
    public let querySize: Int

    /// A score with these parameters.
    public init(weight: Tensor, vector: Tensor, querySize: Int) {
        self.weight = Parameter(weight)
        self.vector = Parameter(vector)
        self.querySize = querySize
    }

    /// The query's part of W [q; k].
    public func transform(query: Tensor) throws(ShapeError) -> Tensor {
        try checkWeight()
        return try linear(query, weight: try weight.sliced(axis: 1, 0..<querySize))
    }

    /// The key's part of W [q; k].
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor {
        try checkWeight()
        return try linear(keys, weight: try weight.sliced(axis: 1, querySize..<weight.shape[1]))
    }

    private func checkWeight() throws(ShapeError) {
        try require(
            weight.shape.rank == 2 && weight.shape[1] >= querySize, "concat",
            expected: "a weight [A, Dq + Dk] for queries of size \(querySize)", found: "\(weight.shape)")
    }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try additiveScores(query, keys, vector: vector.tensor)
    }

    /// `weight` and `vector`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try vector.visit(&visitor, path / "vector")
    }
}

extension Score where Self == ConcatScore {
    /// Luong's concat score with a hidden layer of `hiddenSize`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func concat(querySize: Int, keySize: Int, hiddenSize: Int, key: RandomKey) -> ConcatScore {
        ConcatScore(
            weight: .glorot([hiddenSize, querySize + keySize], key: key[0]),
            vector: .glorot([hiddenSize], key: key[1]), querySize: querySize)
    }
}

extension ConcatScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "concat", "Concat", .score,
        formula: "s = v · tanh(W [q; k])", cost: "O((Q + K)DA + QKA)",
        use: "The additive score with a single weight for the joined query and key.",
        source: "Luong, Pham & Manning 2015, sec. 3.1",
        fresh: .drawn {
            ConcatScore.concat(querySize: $0.querySize, keySize: $0.keySize, hiddenSize: $0.hiddenSize, key: $1)
        },
        example: PartExample { $0.parameters(["weight": [16, 2 * $0.size], "vector": [16]]) }
    ) { request in
        ConcatScore(
            weight: try request.tensor("weight"), vector: try request.tensor("vector"), querySize: request.querySize)
    }
}
