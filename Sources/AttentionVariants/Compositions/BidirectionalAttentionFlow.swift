public import AttentionMechanisms
public import AttentionTensors

/// A text and a question about it read each other, and every position of the text keeps its place. With S_tj the score of h_t and u_j:
///
///     ũ_t = Σ_j softmax_j(S_tj) u_j,  h̃ = Σ_t softmax_t(max_j S_tj) h_t,  G_t = [h_t; ũ_t; h_t ⊙ ũ_t; h_t ⊙ h̃]
///
/// *Source:* Seo et al. 2017, *Bidirectional Attention Flow for Machine Comprehension*, sec. 2, eq. 1–4.
public struct BidirectionalAttentionFlow: Module {
    /// S.
    public var score: any Score

    /// What the text knows of the question.
    public struct Result: Sendable {
        /// G, [B, T, 4D].
        public let output: Tensor
        /// From the text to the question, [B, T, J].
        public let weights: Tensor
        /// From the question to the text, [B, T].
        public let contextWeights: Tensor
    }

    /// Attention by this score.
    public init(score: some Score) { self.score = score }

    /// Attention between vectors of `size` by the paper's score, its weight drawn uniformly.
    public init(_ size: Int, key: RandomKey) { self.init(score: .trilinear(size: size, key: key)) }

    /// A text h [B, T, D] and a question u [B, J, D] → G. In an item without a question, all words of the text count alike in h̃.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        context: Tensor, query: Tensor, contextLengths: [Int]? = nil, queryLengths: [Int]? = nil
    ) throws(ShapeError) -> Result {
        guard context.shape.rank == 3, query.shape.rank == 3, context.shape[0] == query.shape[0],
            context.shape[2] == query.shape[2]
        else {
            throw ShapeError(
                "bidirectionalAttentionFlow", expected: "a context [B, T, D] and a query [B, J, D]",
                found: "\(context.shape) and \(query.shape)")
        }
        let (text, question) = (
            try memory(context, contextLengths), try memory(try query.clearingPadding(queryLengths), queryLengths)
        )
        let scores = try score.compare(
            try score.transform(query: text.values), try score.transform(keys: question.values))  // [B, 1, T, J]
        let weights = try scores.softmax(visible: question.realKeys)
        let read = try matmul(weights, question.values)  // [B, 1, T, D]
        let best = try scores.maximum(visible: question.realKeys).transposed()  // [B, 1, 1, T]
        let contextWeights = try best.softmax(visible: text.realKeys)
        let summary = try matmul(contextWeights, text.values)  // [B, 1, 1, D]
        let output = try concatenated(
            [text.values, read, text.values * read, text.values * summary], axis: 3)
        return Result(
            output: try output.squeezed(axis: 1), weights: try weights.squeezed(axis: 1),
            contextWeights: try contextWeights.squeezed(axis: 2).squeezed(axis: 1))
    }

    /// A sequence as a memory of one head; its lengths are checked on the way.
    private func memory(_ x: Tensor, _ lengths: [Int]?) throws(ShapeError) -> Memory {
        try Memory(preparedKeys: x.unsqueezed(axis: 1), values: x.unsqueezed(axis: 1), lengths: lengths)
    }

    /// The score's parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path)
    }
}

extension BidirectionalAttentionFlow {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "bidaf", "Bidirectional attention flow", .composition,
        formula:
            "S_tj = w · [h_t; u_j; h_t ⊙ u_j]; ũ_t = softmax_j(S) u; h̃ = softmax_t(max_j S) h; G = [h; ũ; h ⊙ ũ; h ⊙ h̃]",
        cost: "O(T J D) time, O(T J) memory",
        use:
            "Reading comprehension: every word of the text learns what the question makes of it, and none is summed away.",
        source: "Seo et al. 2017, Bidirectional Attention Flow for Machine Comprehension, sec. 2",
        example: Example {
            ["context": .real($0.states), "query": .real($0.states)] + $0.parameters(["weight": [3 * $0.size]])
        }
    ) { request in
        let attention = BidirectionalAttentionFlow(score: TrilinearScore(weight: try request.tensor("weight")))
        let result = try attention(
            context: try request.tensor("context"), query: try request.tensor("query"),
            contextLengths: try request.lengths("context_lengths"),
            queryLengths: try request.lengths("query_lengths"))
        return [
            "output": .real(result.output), "weights": .real(result.weights),
            "context_weights": .real(result.contextWeights),
        ]
    }
}
