public import AttentionMechanisms
public import AttentionTensors

/// A sequence as one vector, read by one learned query: Σ_j softmax_j(q · x_j / √D) x_j.
public struct QueryPooling: Module {
    /// q, [D].
    public var query: Parameter

    /// A pooling by this query.
    public init(query: Tensor) { self.query = Parameter(query) }

    /// A pooling of vectors of `size`, its query drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, key: RandomKey) { self.init(query: .glorot([size], key: key)) }

    /// Sequences [B, L, D] → vectors [B, D], and the weights [B, L].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let x = try x.clearingPadding(lengths)
        let pooled = try PooledSequence(
            query: query.tensor, keys: x, values: x, lengths: lengths, mechanism: AttentionMechanism(score: .scaledDot))
        return (pooled.output, pooled.weights)
    }

    /// `query`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try query.visit(&visitor, path / "query")
    }
}

extension QueryPooling {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "attention_pooling", "Attention pooling", .vision,
        formula: "y = Σ_j softmax_j(s_j) x_j; s_j = x_j · q / √D, w · tanh(V x_j) or w · (tanh(V x_j) ⊙ σ(U x_j))",
        cost: "O(L D) time with a query, O(L D A) with a hidden layer",
        use: "A sequence or a bag as one vector, with weights that tell which elements decided.",
        source: "Ilse, Tomczak & Welling 2018, Attention-based Deep Multiple Instance Learning, eq. 8–9",
        options: [.choice("variant", Variant.self)],
        example: Example(["variant": .text("query")]) {
            ["input": .real($0.states), "query": .real($0.parameter("pooling query", [$0.size]))]
        }
    ) { request in
        let variant: Variant = try request.options.choice("variant")
        let (input, lengths) = (try request.tensor("input"), try request.lengths("lengths"))
        if variant == .query {
            let (output, weights) = try QueryPooling(query: request.tensor("query"))(input, lengths: lengths)
            return ["output": .real(output), "weights": .real(weights)]
        }
        let pooling = InstancePooling(
            weight: try request.tensor("weight_v"),
            gateWeight: variant == .gatedInstance ? try request.tensor("weight_u") : nil,
            vector: try request.tensor("vector"))
        let (output, weights) = try pooling(input, lengths: lengths)
        return ["output": .real(output), "weights": .real(weights)]
    }

    /// The poolings as options name them.
    private enum Variant: String, CaseIterable {
        case query
        case instance = "mil"
        case gatedInstance = "gated_mil"
    }
}
