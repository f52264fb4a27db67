public import AttentionMechanisms
public import AttentionTensors

/// Attention that selects segments: each query decides of every key whether it reads it, z_j ∈ {0, 1}, neighbours together.
///
///     p(z) ∝ exp(Σ_j z_j s_ij + Σ_j transition(z_j, z_{j+1})),   weights_ij = p(z_j = 1),   context_i = Σ_j weights_ij value_j
///
/// Weights of a query need not sum to 1: it may read all keys or none.
///
/// *Source:* Kim, Denton, Hoang & Rush 2017, *Structured Attention Networks*, sec. 3.1, subsequence selection.
public struct SegmentationAttention: Module {
    /// The potential of reading a key.
    public var score: any Score
    /// [2, 2]: the potential of passing from a key that is (1) or is not (0) read to the next that is or is not.
    public var transition: Parameter

    /// A mechanism of these parts.
    public init(score: some Score = .scaledDot, transition: Tensor) {
        self.score = score
        self.transition = Parameter(transition)
    }

    /// What the queries [B, Q, Dq] read from keys [B, K, Dk] and values [B, K, Dv].
    ///
    /// - Parameter lengths: how many keys of each item are real.
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(B Q K) beside the scores and the context.
    public func align(
        query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> SelectionAlignment {
        guard query.shape.rank == 3, keys.shape.rank == 3, values.shape.rank == 3, query.shape[0] == keys.shape[0],
            keys.shape.dimensions.dropLast() == values.shape.dimensions.dropLast()
        else {
            throw ShapeError(
                "segmentation", expected: "queries [B, Q, Dq], keys [B, K, Dk] and values [B, K, Dv]",
                found: "\(query.shape), \(keys.shape) and \(values.shape)")
        }
        let (batch, queries, count) = (query.shape[0], query.shape[1], keys.shape[1])
        let lengths = try checked(lengths, batch: batch, limit: count, operation: "segmentation")
        let scores = try score.compare(
            try score.transform(query: query.unsqueezed(axis: 1)), try score.transform(keys: keys.unsqueezed(axis: 1)))
        let read = try scores.reshaped(to: [batch * queries, count])
        // One chain for every query, its labels 0 and 1.
        let chains = try LinearChain(transition: transition.tensor).marginals(
            unary: try stacked([.zeros(read.shape), read], axis: 2),
            lengths: lengths.flatMap { [Int](repeating: $0, count: queries) })
        let weights = try chains.labels.at(1, axis: 2).reshaped(to: [batch, queries, count])
        return SelectionAlignment(
            weights: weights, context: try matmul(weights, values),
            logPartition: try chains.logPartition.reshaped(to: [batch, queries]))
    }

    /// `score.…` and `transition`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        try transition.visit(&visitor, path / "transition")
    }
}

/// Which keys each query selects, and what it reads.
public struct SelectionAlignment: Sendable {
    /// [B, Q, K]: how probably a query reads a key.
    public let weights: Tensor
    /// [B, Q, Dv].
    public let context: Tensor
    /// ln Z of each query's selections, [B, Q].
    public let logPartition: Tensor
}

extension SegmentationAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "segmentation_crf", "Segmentation attention", .structured,
        formula: """
            p(z) ∝ exp(Σ_j z_j s_ij + Σ_j transition(z_j, z_{j+1})), z_j ∈ {0, 1}; w_ij = p(z_j = 1); \
            context_i = Σ_j w_ij v_j
            """,
        cost: "O(Q K (D + 4))",
        use:
            "Where a query should read whole segments, as many keys as it needs, rather than share out one unit of attention.",
        source: "Kim, Denton, Hoang & Rush 2017, Structured Attention Networks, sec. 3.1",
        options: [.number("scale", else: "1 / √D")],
        example: Example { $0.sequence + ["transition": .real(try Tensor([2, 0, 0, 2], shape: [2, 2]))] }
    ) { request in
        var attention = SegmentationAttention(transition: try request.tensor("transition"))
        attention.score = ScaledDotScore(scale: try request.options.number(ifGiven: "scale").map { Float($0) })
        let found = try attention.align(
            query: try request.tensor("query"), keys: try request.tensor("key"),
            values: try request.tensor("value"), lengths: try request.lengths("key_lengths"))
        return [
            "output": .real(found.context), "weights": .real(found.weights),
            "log_partition": .real(found.logPartition),
        ]
    }
}
