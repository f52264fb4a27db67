public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Attention that weighs each feature of the values by itself: one softmax over the keys per feature d,
///
///     e_ij = W_o activation(W_q q_i + W_k k_j + b) + b_s,  w_ijd = softmax_j(e_ijd),  y_id = Σ_j w_ijd v_jd
///
/// *Source:* Shen et al. 2018, *DiSAN: Directional Self-Attention Network*, sec. 3.1 (there called multi-dimensional attention).
public struct FeatureWiseAttention: Module {
    /// What stands between the hidden layer and the scores.
    public enum HiddenActivation: String, Sendable, Codable, CaseIterable {
        /// x, and eˣ − 1 below 0 (the paper's).
        case elu
        /// tanh x.
        case tanh

        fileprivate func callAsFunction(_ x: Tensor) -> Tensor {
            switch self {
            case .elu:
                x.mapped {
                    $0 > 0 ? $0 : expm1f($0)
                } derivative: { x, y in
                    x > 0 ? 1 : y + 1
                }
            case .tanh: x.hyperbolicTangent()
            }
        }
    }

    /// W_q, [A, Dq].
    public var queryWeight: Parameter
    /// W_k, [A, Dk].
    public var keyWeight: Parameter
    /// b, [A].
    public var hiddenBias: Parameter
    /// W_o and b_s, from A to Dv.
    public var output: Linear
    /// What stands between them.
    public let activation: HiddenActivation

    /// Attention with these parameters.
    public init(
        queryWeight: Tensor, keyWeight: Tensor, hiddenBias: Tensor, output: Linear, activation: HiddenActivation = .elu
    ) {
        self.queryWeight = Parameter(queryWeight)
        self.keyWeight = Parameter(keyWeight)
        self.hiddenBias = Parameter(hiddenBias)
        self.output = output
        self.activation = activation
    }

    /// Attention whose parameters are drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(
        querySize: Int, keySize: Int, valueSize: Int, hiddenSize: Int, activation: HiddenActivation = .elu,
        key: RandomKey
    ) {
        self.init(
            queryWeight: .glorot([hiddenSize, querySize], key: key[0]),
            keyWeight: .glorot([hiddenSize, keySize], key: key[1]), hiddenBias: .zeros([hiddenSize]),
            output: Linear(hiddenSize, valueSize, key: key[2]), activation: activation)
    }

    /// Queries [B, Q, Dq], keys [B, K, Dk], values [B, K, Dv] → [B, Q, Dv], and the weights [B, Q, K, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(B Q K A Dv) time, O(B Q K (A + Dv)) memory.
    public func callAsFunction(
        query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        guard query.shape.rank == 3, keys.shape.rank == 3, values.shape.rank == 3, query.shape[0] == keys.shape[0]
        else {
            throw ShapeError(
                "featureWise", expected: "queries [B, Q, Dq], keys [B, K, Dk] and values [B, K, Dv]",
                found: "\(query.shape), \(keys.shape) and \(values.shape)")
        }
        let memory = try Memory(
            preparedKeys: try linear(try keys.clearingPadding(lengths), weight: keyWeight).unsqueezed(axis: 1),
            values: try values.clearingPadding(lengths).unsqueezed(axis: 1), lengths: lengths)
        let turned = try linear(query, weight: queryWeight, bias: hiddenBias).unsqueezed(axis: 2)  // [B, Q, 1, A]
        guard turned.shape[3] == memory.keyShape[3] else {
            throw ShapeError(
                "featureWise", expected: "weights of one hidden size",
                found: "\(queryWeight.shape) and \(keyWeight.shape)")
        }
        let scores = try output(activation(turned + memory.keys))  // [B, Q, K, Dv]
        guard scores.shape[3] == values.shape[2] else {
            throw ShapeError(
                "featureWise", expected: "one score for each of the values' \(values.shape[2]) features",
                found: "\(output.weight.shape)")
        }
        let weights = try scores.transposed().softmax(visible: memory.realKeys).transposed()
        return (try (weights * memory.values).sum(axis: 2), weights)
    }

    /// `weight_query`, `weight_key`, `hidden_bias`, `weight_out` and `score_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try queryWeight.visit(&visitor, path / "weight_query")
        try keyWeight.visit(&visitor, path / "weight_key")
        try hiddenBias.visit(&visitor, path / "hidden_bias")
        try output.weight.visit(&visitor, path / "weight_out")
        try output.bias.visit(&visitor, path / "score_bias")
    }
}

extension FeatureWiseAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "feature_wise", "Feature-wise attention", .composition,
        formula:
            "e_ij = W_o activation(W_q q_i + W_k k_j + b) + b_s; w_ijd = softmax_j(e_ijd); y_id = Σ_j w_ijd v_jd",
        cost: "O(Q K A D) time, O(Q K (A + D)) memory",
        use: "Where the features of a word matter in different contexts: each has weights of its own.",
        source: "Shen et al. 2018, DiSAN, sec. 3.1",
        options: [.choice("activation", HiddenActivation.self, default: .elu)],
        example: Example(["activation": .text("elu")]) {
            $0.sequence
                + $0.parameters([
                    "weight_query": [16, $0.size], "weight_key": [16, $0.size], "hidden_bias": [16],
                    "weight_out": [$0.size, 16], "score_bias": [$0.size],
                ])
        }
    ) { request in
        let attention = FeatureWiseAttention(
            queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
            hiddenBias: try request.tensor("hidden_bias"),
            output: Linear(weight: try request.tensor("weight_out"), bias: try request.tensor("score_bias")),
            activation: try request.options.choice("activation"))
        let (output, weights) = try attention(
            query: try request.tensor("query"), keys: try request.tensor("key"), values: try request.tensor("value"),
            lengths: try request.lengths("key_lengths"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
