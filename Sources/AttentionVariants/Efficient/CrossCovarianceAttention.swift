public import AttentionMechanisms
public import AttentionTensors

/// Attention among features instead of positions: softmax(τ_h q̂ᵀ k̂) mixes the features of v, with q̂, k̂ of length 1 along the positions.
///
/// *Source:* El-Nouby et al. 2021, *XCiT: Cross-Covariance Image Transformers*, sec. 3.2, eq. 3.
public struct CrossCovarianceAttention: DirectAttention {
    /// τ, what the scores of each head are multiplied by, [H].
    public var temperature: Parameter
    /// The least length that is divided by, above 0.
    public var epsilon: Float

    /// Attention among features with these factors [H].
    public init(temperature: Tensor, epsilon: Float = 1e-12) {
        self.temperature = Parameter(temperature)
        self.epsilon = epsilon
    }

    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        try align(query, memory).context
    }

    /// What is read, [B, H, L, D], and the weights between features, [B, H, D, D]. Positions behind the lengths are left out and read 0.
    /// - Complexity: O(L D²).
    public func align(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Alignment {
        let (keys, values) = (memory.keyShape, memory.valueShape)
        try require(
            query.shape.rank == 4 && query.shape.dimensions.dropLast() == keys.dimensions.dropLast()
                && values[3] == keys[3],
            "crossCovariance", expected: "queries [B, H, L, Dq] and keys and values [B, H, L, D]",
            found: "\(query.shape), \(keys) and \(values)")
        try require(
            temperature.shape == [query.shape[1]], "crossCovariance", expected: "a temperature [\(query.shape[1])]",
            found: "\(temperature.shape)")
        try require(epsilon > 0, "crossCovariance", expected: "an epsilon above 0", found: "\(epsilon)")
        let memory = try memory.blankingPadding()
        let queryRows = try query.keepingFirst(memory.lengths).transposed().normalizedRows(.l2, epsilon: epsilon)
        let keyRows = memory.keys.transposed().normalizedRows(.l2, epsilon: epsilon)  // [B, H, D, L]
        let scores = try matmul(queryRows, keyRows.transposed())
        let weights = try (scores * temperature.tensor.reshaped(to: [query.shape[1], 1, 1])).softmax()
        return Alignment(weights: weights, context: try matmul(memory.values, weights.transposed()))
    }

    /// `temperature`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try temperature.visit(&visitor, path / "temperature")
    }
}

extension CrossCovarianceAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "cross_covariance", "Cross-covariance attention", .efficient,
        formula: "out = (W vᵀ)ᵀ;  W = softmax(τ_h q̂ᵀ k̂), q̂ and k̂ of length 1 along the positions",
        cost: "time O(L D²), memory O(D²)",
        use: "Images of any size: features attend to features, so that the cost is linear in the number of patches.",
        source: "El-Nouby et al. 2021, XCiT: Cross-Covariance Image Transformers, sec. 3.2",
        options: [.number("epsilon", .from(0), default: 1e-12)],
        example: Example { try $0.headed(8) + ["temperature": .real(Tensor.ones([8]) * 4)] }
    ) { request in
        let mechanism = CrossCovarianceAttention(
            temperature: try request.tensor("temperature"),
            epsilon: Float(try request.options.number("epsilon")))
        let alignment = try mechanism.align(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }
}
