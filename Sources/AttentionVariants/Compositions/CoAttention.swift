import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Two sequences read each other, and each becomes one vector: with rows as positions and C = tanh(B W_b Aᵀ),
///
///     H_a = tanh(A W_1ᵀ + Cᵀ B W_2ᵀ),  H_b = tanh(B W_2ᵀ + C A W_1ᵀ)
///     a = Σ_n softmax_n(H_a v_1) A_n,  b = Σ_m softmax_m(H_b v_2) B_m
///
/// *Source:* Lu et al. 2016, *Hierarchical Question-Image Co-Attention for Visual Question Answering*, eq. 3–5.
public struct CoAttention: Module {
    /// W_b, [D, D].
    public var affinityWeight: Parameter
    /// W_1, [A, D].
    public var firstWeight: Parameter
    /// W_2, [A, D].
    public var secondWeight: Parameter
    /// v_1, [A].
    public var firstVector: Parameter
    /// v_2, [A].
    public var secondVector: Parameter

    /// What both sequences are read as.
    public struct Result: Sendable {
        /// a, [B, D].
        public let first: Tensor
        /// b, [B, D].
        public let second: Tensor
        /// [B, N].
        public let firstWeights: Tensor
        /// [B, M].
        public let secondWeights: Tensor
    }

    /// Attention with these parameters.
    public init(
        affinityWeight: Tensor, firstWeight: Tensor, secondWeight: Tensor, firstVector: Tensor, secondVector: Tensor
    ) {
        self.affinityWeight = Parameter(affinityWeight)
        self.firstWeight = Parameter(firstWeight)
        self.secondWeight = Parameter(secondWeight)
        self.firstVector = Parameter(firstVector)
        self.secondVector = Parameter(secondVector)
    }

    /// Attention between vectors of `size`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            affinityWeight: .glorot([size, size], key: key[0]), firstWeight: .glorot([hiddenSize, size], key: key[1]),
            secondWeight: .glorot([hiddenSize, size], key: key[2]), firstVector: .glorot([hiddenSize], key: key[3]),
            secondVector: .glorot([hiddenSize], key: key[4]))
    }

    /// Sequences A [B, N, D] and B [B, M, D] → a vector for each.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(first: Tensor, second: Tensor) throws(ShapeError) -> Result {
        guard first.shape.rank == 3, second.shape.rank == 3, first.shape[0] == second.shape[0],
            firstWeight.shape == secondWeight.shape
        else {
            throw ShapeError(
                "coAttention", expected: "sequences [B, N, D] and [B, M, D] with weights [A, D] for both",
                found: "\(first.shape) and \(second.shape) with \(firstWeight.shape) and \(secondWeight.shape)")
        }
        try affinityWeight.tensor.requireShape(
            [second.shape[2], first.shape[2]], "an affinity weight", in: "coAttention")
        let affinity = try matmul(try matmul(second, affinityWeight.tensor), first.transposed())
            .hyperbolicTangent()  // [B, M, N]
        let (a, b) = (try linear(first, weight: firstWeight), try linear(second, weight: secondWeight))
        let firstHidden = (a + (try matmul(affinity.transposed(), b))).hyperbolicTangent()
        let secondHidden = (b + (try matmul(affinity, a))).hyperbolicTangent()
        let firstPooled = try PooledSequence(query: firstVector.tensor, keys: firstHidden, values: first)
        let secondPooled = try PooledSequence(query: secondVector.tensor, keys: secondHidden, values: second)
        return Result(
            first: firstPooled.output, second: secondPooled.output, firstWeights: firstPooled.weights,
            secondWeights: secondPooled.weights)
    }

    /// `weight_affinity`, `weight_first`, `weight_second`, `vector_first` and `vector_second`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try affinityWeight.visit(&visitor, path / "weight_affinity")
        try firstWeight.visit(&visitor, path / "weight_first")
        try secondWeight.visit(&visitor, path / "weight_second")
        try firstVector.visit(&visitor, path / "vector_first")
        try secondVector.visit(&visitor, path / "vector_second")
    }
}

extension CoAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "co_attention", "Co-attention", .composition,
        formula:
            "C = tanh(B W_b Aᵀ); H_a = tanh(A W₁ᵀ + Cᵀ B W₂ᵀ), H_b = tanh(B W₂ᵀ + C A W₁ᵀ); softmax(H v) pools each side",
        cost: "O(N M (D + A)) time, O(N M) memory",
        use: "Two sides that explain each other, such as an image and a question about it.",
        source: "Lu et al. 2016, Hierarchical Question-Image Co-Attention, eq. 3–5",
        example: Example(draws: "weights_first") {
            ["first": .real($0.states), "second": .real($0.states)]
                + $0.parameters([
                    "weight_affinity": [$0.size, $0.size], "weight_first": [16, $0.size],
                    "weight_second": [16, $0.size], "vector_first": [16], "vector_second": [16],
                ])
        }
    ) { request in
        let attention = CoAttention(
            affinityWeight: try request.tensor("weight_affinity"),
            firstWeight: try request.tensor("weight_first"), secondWeight: try request.tensor("weight_second"),
            firstVector: try request.tensor("vector_first"), secondVector: try request.tensor("vector_second"))
        let result = try attention(first: try request.tensor("first"), second: try request.tensor("second"))
        return [
            "output_first": .real(result.first), "output_second": .real(result.second),
            "weights_first": .real(result.firstWeights), "weights_second": .real(result.secondWeights),
        ]
    }
}
