public import AttentionMechanisms
public import AttentionTensors

/// The difference of two attentions, in which what both agree on cancels out as noise does:
///
///     w = softmax(q_1 k_1ᵀ / √D) − λ softmax(q_2 k_2ᵀ / √D)
///     y = w V / √(mean (w V)² + ε) · (1 − λ_init)
///     λ = exp(λ_q1 · λ_k1) − exp(λ_q2 · λ_k2) + λ_init
///
/// Heads 2h and 2h + 1 of queries and keys are a pair, which reads the values of head h.
///
/// *Source:* Ye et al. 2024, *Differential Transformer*, eq. 1–3.
public struct DifferentialAttention: Module {
    /// What each head of a pair does.
    public var mechanism: AttentionMechanism
    /// λ_q1, [D].
    public var firstQuery: Parameter
    /// λ_k1, [D].
    public var firstKey: Parameter
    /// λ_q2, [D].
    public var secondQuery: Parameter
    /// λ_k2, [D].
    public var secondKey: Parameter
    /// λ_init: where λ begins; 0.8 − 0.6 exp(−0.3 (l − 1)) in layer l of the paper.
    public let initialShare: Float
    /// ε.
    public let epsilon: Float

    /// Pairs of heads with these vectors [D], shared by all.
    public init(
        mechanism: AttentionMechanism = AttentionMechanism(), firstQuery: Tensor, firstKey: Tensor, secondQuery: Tensor,
        secondKey: Tensor, initialShare: Float, epsilon: Float = 1e-5
    ) {
        self.mechanism = mechanism
        self.firstQuery = Parameter(firstQuery)
        self.firstKey = Parameter(firstKey)
        self.secondQuery = Parameter(secondQuery)
        self.secondKey = Parameter(secondKey)
        self.initialShare = initialShare
        self.epsilon = epsilon
    }

    /// λ, the share of the second attention that is taken away, [1].
    /// - Throws: `ShapeError` unless the four vectors have one shape.
    public func share() throws(ShapeError) -> Tensor {
        let shapes = [firstQuery.tensor, firstKey.tensor, secondQuery.tensor, secondKey.tensor].map(\.shape)
        guard shapes.allSatisfy({ $0 == shapes[0] && $0.rank == 1 }) else {
            throw ShapeError("differential", expected: "four vectors of one size", found: "\(shapes)")
        }
        let first = (firstQuery.tensor * firstKey.tensor).sum().exponential()
        let second = (secondQuery.tensor * secondKey.tensor).sum().exponential()
        return (first - second + initialShare).unsqueezed(axis: 0)
    }

    /// Keys [B, 2H, K, D] and values [B, H, K, Dv] as a memory.
    /// - Throws: `ShapeError` unless there are two heads of keys for each of values.
    public func remember(keys: Tensor, values: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Memory {
        guard keys.shape.rank == 4, values.shape.rank == 4, keys.shape[1] == 2 * values.shape[1] else {
            throw ShapeError(
                "differential", expected: "keys [B, 2H, K, D] and values [B, H, K, Dv]",
                found: "\(keys.shape) and \(values.shape)")
        }
        return try mechanism.remember(keys: keys, values: try values.repeatingHeads(2), lengths: lengths)
    }

    /// What queries [B, 2H, Q, D] read, [B, H, Q, Dv], by fused kernels where the mechanism has one.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(_ query: Tensor, _ memory: Memory, positions: Positions = .from(0)) throws(ShapeError) -> Tensor
    {
        normalized(try difference(try mechanism.attend(query, memory, positions: positions)))
    }

    /// What queries [B, 2H, Q, D] read, [B, H, Q, Dv], and where they looked, [B, H, Q, K]; rows sum to 1 − λ.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0)
    ) throws(ShapeError) -> (context: Tensor, weights: Tensor) {
        let alignment = try mechanism.align(query, memory, positions: positions)
        return (normalized(try difference(alignment.context)), try difference(alignment.weights))
    }

    private func normalized(_ context: Tensor) -> Tensor {
        context.normalizedRows(.rms, epsilon: epsilon) * (1 - initialShare)
    }

    /// x_2h − λ x_2h+1: [B, 2H, …] → [B, H, …].
    private func difference(_ x: Tensor) throws(ShapeError) -> Tensor {
        let pairs = try x.reshaped(to: [x.shape[0], x.shape[1] / 2, 2] + x.shape.dimensions.dropFirst(2))
        return try pairs.at(0, axis: 2) - (try pairs.at(1, axis: 2)) * (try share())
    }

    /// `lambda_q1`, `lambda_k1`, `lambda_q2`, `lambda_k2`, and the mechanism's own parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try firstQuery.visit(&visitor, path / "lambda_q1")
        try firstKey.visit(&visitor, path / "lambda_k1")
        try secondQuery.visit(&visitor, path / "lambda_q2")
        try secondKey.visit(&visitor, path / "lambda_k2")
        try mechanism.visit(&visitor, path / "mechanism")
    }
}

extension DifferentialAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "differential", "Differential attention", .relativeHeads,
        formula: "w = softmax_2h − λ softmax_2h+1, y = w v / √(mean (w v)² + ε) · (1 − λ_init)",
        cost: "O(Q K D) time for 2H heads",
        use: "Against attention spent on what does not matter: what both maps have in common is taken away.",
        source: "Ye et al. 2024, Differential Transformer, eq. 1–3",
        options: [
            .number("lambda_init"), .number("epsilon", .from(0), default: 1e-5), .truth("causal", default: false),
        ],
        example: Example(["lambda_init": .number(0.5), "causal": .truth(false)]) { material in
            let (heads, size) = (try material.heads(2), material.size / 2)
            let value = try material.heads(1)
            return ["query": .real(heads), "key": .real(heads), "value": .real(value)]
                + ["lambda_q1", "lambda_k1", "lambda_q2", "lambda_k2"].reduce(into: [:]) {
                    $0[$1] = .real(material.parameter($1, [size]) * 0.05)
                }
        }
    ) { request in
        var attention = DifferentialAttention(
            firstQuery: try request.tensor("lambda_q1"), firstKey: try request.tensor("lambda_k1"),
            secondQuery: try request.tensor("lambda_q2"), secondKey: try request.tensor("lambda_k2"),
            initialShare: Float(try request.options.number("lambda_init")),
            epsilon: Float(try request.options.number("epsilon")))
        attention.mechanism.scope = try request.causalScope()
        let memory = try attention.remember(keys: request.tensor("key"), values: request.tensor("value"))
        let (context, weights) = try attention.align(request.tensor("query"), memory)
        return ["output": .real(context), "weights": .real(weights), "lambda": .real(try attention.share())]
    }
}
