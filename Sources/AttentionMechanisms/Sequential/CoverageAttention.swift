public import AttentionTensors

/// The additive score with what each key has already received: c = Σ earlier weights, e_j = v · tanh(W q + U k_j + c_j w_c + b).
///
/// Looking twice at the same place can be punished by the coverage loss Σ_j min(w_j, c_j) of each step.
///
/// *Source:* See, Liu & Manning 2017, *Get To The Point*, eq. 10–12.
public struct CoverageAttention: SequentialMechanism {
    /// W, U, v and b.
    public var score: AdditiveScore
    /// w_c, [A].
    public var coverageWeight: Parameter
    /// How scores become shares.
    public var normalizer: any Normalizer

    /// A mechanism of these parts.
    public init(score: AdditiveScore, coverageWeight: Tensor, normalizer: some Normalizer = .softmax) {
        self.score = score
        self.coverageWeight = Parameter(coverageWeight)
        self.normalizer = normalizer
    }

    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try AttentionMechanism(score: score).remember(keys: keys, values: values, lengths: lengths)
    }

    /// Nothing has been looked at: zeros [B, H, 1, K].
    public func start(_ memory: Memory) -> Tensor { .zeros(memory.stepShape) }

    /// One step; the state is the coverage c [B, H, 1, K].
    public func step(
        _ query: Tensor, _ memory: Memory, _ coverage: inout Tensor, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try memory.checkStep(query, "coverage")
        try require(
            coverageWeight.shape == [memory.keyShape[3]], "coverage",
            expected: "a coverage weight [\(memory.keyShape[3])]", found: "\(coverageWeight.shape)")
        try require(
            coverage.shape == memory.stepShape, "coverage", expected: "a coverage \(memory.stepShape)",
            found: "\(coverage.shape)")
        let covered = coverage.transposed() * coverageWeight.tensor  // [B, H, K, A]
        let scores = try score.compare(try score.transform(query: query), memory.keys + covered)
        let weights = try normalizer.normalize(scores, visible: memory.realKeys)
        coverage = coverage + weights
        return try memory.read(weights)
    }

    /// Σ_j min(w_j, c_j) of weights and the coverage before them, [..., K] → [...].
    /// - Throws: `ShapeError` unless both have one shape.
    public static func loss(weights: Tensor, coverage: Tensor) throws(ShapeError) -> Tensor {
        try require(
            weights.shape == coverage.shape, "coverage loss", expected: "a coverage \(weights.shape)",
            found: "\(coverage.shape)")
        return try (weights - (weights - coverage).relu()).sum(axis: -1)
    }

    /// c before every step, [B, H, Q, K], from the weights of all of them.
    /// - Throws: `ShapeError` unless the weights have four axes.
    public static func coverage(of weights: Tensor) throws(ShapeError) -> Tensor {
        try require(
            weights.shape.rank == 4, "coverage", expected: "weights [B, H, Q, K]", found: "\(weights.shape)")
        var rows: [Tensor] = []
        var total = Tensor.zeros([weights.shape[0], weights.shape[1], 1, weights.shape[3]])
        for index in 0..<weights.shape[2] {
            rows.append(total)
            total = total + (try weights.sliced(axis: 2, index..<index + 1))
        }
        return try joinedSteps(rows, Array(weights.shape.dimensions.prefix(2)), size: weights.shape[3])
    }

    /// As the additive score's, and `weight_coverage` and the normalizer's own.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path)
        try coverageWeight.visit(&visitor, path / "weight_coverage")
        try normalizer.visit(&visitor, path / "normalizer")
    }
}

extension CoverageAttention {
    /// A mechanism with a hidden layer of `hiddenSize`, drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(
        querySize: Int, keySize: Int, hiddenSize: Int, normalizer: some Normalizer = .softmax, key: RandomKey
    ) {
        self.init(
            score: .additive(querySize: querySize, keySize: keySize, hiddenSize: hiddenSize, key: key[0]),
            coverageWeight: .glorot([hiddenSize], key: key[1]), normalizer: normalizer)
    }
}

extension CoverageAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "coverage", "Coverage attention", .sequential,
        formula: "c_i = Σ_t<i w_t, e_j = v · tanh(W q + V k_j + c_ij w_c + b), loss_i = Σ_j min(w_ij, c_ij)",
        cost: "O(QKA) time", use: "Against repetition and omission in summaries and translations.",
        source: "See, Liu & Manning 2017, Get To The Point, eq. 10-12",
        example: Example {
            $0.sequence + $0.network
                + ["weight_coverage": .real(Tensor.ones([16]) * -1), "hidden_bias": .real(.zeros([16]))]
        }
    ) { request in
        let mechanism = CoverageAttention(
            score: try AdditiveScore(of: request),
            coverageWeight: try request.tensor("weight_coverage"))
        let memory = try request.memory(for: mechanism)
        let reading = try mechanism.alignSequence(request.headless("query"), memory)
        let coverage = try CoverageAttention.coverage(of: reading.weights)
        let loss = try CoverageAttention.loss(weights: reading.weights, coverage: coverage)
        return try .reading(reading, ["coverage": coverage, "coverage_loss": loss])
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor,
        sharing: { normalizer in
            .drawn { settings, key in
                CoverageAttention(
                    querySize: settings.querySize, keySize: settings.keySize, hiddenSize: settings.hiddenSize,
                    normalizer: normalizer, key: key)
            }
        })
}
