import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A sentence as a matrix of r views, each by a weighting of its own: M = A H with A = softmax(W₂ tanh(W₁ Hᵀ)).
///
/// `penalty` adds to the loss what keeps the views from looking alike.
///
/// *Source:* Lin et al. 2017, *A Structured Self-attentive Sentence Embedding*, eq. 6–8.
public struct SelfAttentiveEmbedding: Module {
    /// W₁, [A, D].
    public var weight1: Parameter
    /// W₂, [r, A].
    public var weight2: Parameter

    /// What sentences are read as.
    public struct Result: Sendable {
        /// M, [B, r, D].
        public let output: Tensor
        /// A, [B, r, L].
        public let weights: Tensor

        /// ‖A Aᵀ − I‖² (Frobenius) for each item, [B].
        public func penalty() throws(ShapeError) -> Tensor {
            let count = weights.shape[1]
            let identity = try Tensor(
                (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: [count, count])
            let excess = try matmul(weights, weights.transposed()) - identity
            return try (excess * excess).sum(axis: 2).sum(axis: 1)
        }
    }

    /// An embedding with these parameters.
    public init(weight1: Tensor, weight2: Tensor) {
        self.weight1 = Parameter(weight1)
        self.weight2 = Parameter(weight2)
    }

    /// An embedding of vectors of `size` by `viewCount` views, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, hiddenSize: Int, viewCount: Int, key: RandomKey) {
        self.init(
            weight1: .glorot([hiddenSize, size], key: key[0]), weight2: .glorot([viewCount, hiddenSize], key: key[1]))
    }

    /// Annotations H [B, L, D] → their views.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ annotations: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Result {
        let annotations = try annotations.clearingPadding(lengths)
        let hidden = try linear(annotations, weight: weight1, activation: .tanh)
        let pooled = try PooledSequence(queries: weight2.tensor, keys: hidden, values: annotations, lengths: lengths)
        return Result(output: pooled.output, weights: pooled.weights)
    }

    /// `weight1` and `weight2`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight1.visit(&visitor, path / "weight1")
        try weight2.visit(&visitor, path / "weight2")
    }
}

extension SelfAttentiveEmbedding {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "self_attentive", "Self-attentive embedding", .composition,
        formula: "A = softmax(W₂ tanh(W₁ Hᵀ)); M = A H; penalty = ‖A Aᵀ − I‖²",
        cost: "O(L D A + r L D) time, for r views",
        use: "A sentence as several vectors, each looking at another part of it; the penalty keeps them apart.",
        source: "Lin et al. 2017, A Structured Self-attentive Sentence Embedding, eq. 6–8",
        example: Example {
            ["input": .real($0.states)] + $0.parameters(["weight1": [16, $0.size], "weight2": [4, 16]])
        }
    ) { request in
        let embedding = SelfAttentiveEmbedding(
            weight1: try request.tensor("weight1"), weight2: try request.tensor("weight2"))
        let result = try embedding(try request.tensor("input"), lengths: try request.lengths("lengths"))
        return [
            "output": .real(result.output), "weights": .real(result.weights),
            "penalty": .real(try result.penalty()),
        ]
    }
}
