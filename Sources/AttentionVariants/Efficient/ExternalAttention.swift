public import AttentionMechanisms
public import AttentionTensors

/// Attention on S learned memories instead of other positions: A = softmax over positions of q M_kᵀ, each position's row then divided
/// by ε + its sum; context A M_v.
///
/// *Source:* Guo et al. 2021, *Beyond Self-Attention: External Attention Using Two Linear Layers for Visual Tasks*, eq. 5–9.
public struct ExternalAttention: Module {
    /// M_k, [S, D].
    public var memoryKeys: Parameter
    /// M_v, [S, Dv].
    public var memoryValues: Parameter
    /// What is added to a row's sum before the division.
    public var epsilon: Double

    /// Attention on these memories.
    public init(memoryKeys: Tensor, memoryValues: Tensor, epsilon: Double = 1e-9) {
        self.memoryKeys = Parameter(memoryKeys)
        self.memoryValues = Parameter(memoryValues)
        self.epsilon = epsilon
    }

    /// Queries [B, L, D] → weights [B, L, S] and context [B, L, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(L S D).
    public func align(query: Tensor) throws(ShapeError) -> Alignment {
        try require(
            query.shape.rank == 3 && memoryKeys.shape.rank == 2 && memoryValues.shape.rank == 2
                && memoryKeys.shape[0] == memoryValues.shape[0] && memoryKeys.shape[1] == query.shape[2],
            "externalAttention", expected: "queries [B, L, D] and memories [S, D] and [S, Dv]",
            found: "\(query.shape), \(memoryKeys.shape) and \(memoryValues.shape)")
        let shares = try matmul(query, memoryKeys.tensor.transposed()).transposed().softmax().transposed()  // [B, L, S]
        let epsilon = epsilon
        let weights = try shares.mappingRows { row in
            let sum = row.reduce(epsilon, +)
            for index in row.indices { row[index] = sum == 0 ? 0 : row[index] / sum }
        } pullback: { gradient, row, images in
            let sum = row.reduce(epsilon, +)
            let mean = zip(gradient, images).reduce(0) { $0 + $1.0 * $1.1 }
            for index in gradient.indices { gradient[index] = sum == 0 ? 0 : (gradient[index] - mean) / sum }
        }
        return Alignment(weights: weights, context: try matmul(weights, memoryValues.tensor))
    }

    /// `memory_key` and `memory_value`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try memoryKeys.visit(&visitor, path / "memory_key")
        try memoryValues.visit(&visitor, path / "memory_value")
    }
}

extension ExternalAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "external_attention", "External attention", .efficient,
        formula: "A = softmax_positions(q M_kᵀ);  out = (A / (ε + Σ_memory A)) M_v",
        cost: "time O(L S D), memory O(L S)",
        use: "Images: S learned memories, shared by all samples, take the place of the other positions.",
        source: "Guo et al. 2021, Beyond Self-Attention: External Attention, eq. 5–9",
        options: [.number("epsilon", .from(0), default: 1e-9)],
        example: Example {
            ["query": .real($0.states)]
                + $0.parameters(["memory_key": [8, $0.size], "memory_value": [8, $0.size]])
        }
    ) { request in
        let mechanism = ExternalAttention(
            memoryKeys: try request.tensor("memory_key"), memoryValues: try request.tensor("memory_value"),
            epsilon: try request.options.number("epsilon"))
        let alignment = try mechanism.align(query: request.tensor("query"))
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }
}
