public import AttentionMechanisms
public import AttentionTensors

/// How much each position of a document counts for a question: with M = document · queryᵀ,
///
///     α = softmax over the document (each column of M),  β = mean over the document of softmax over the query,  weights = α β
///
/// *Source:* Cui et al. 2017, *Attention-over-Attention Neural Networks for Reading Comprehension*, sec. 3.
/// - Parameters:
///   - document: [B, L, D].
///   - query: [B, J, D].
/// - Returns: weights [B, L], which sum to 1. In the paper, those of one word's places add up to the probability that it is the answer.
/// - Throws: `ShapeError` if the shapes do not fit.
public func attentionOverAttention(document: Tensor, query: Tensor) throws(ShapeError) -> Tensor {
    guard document.shape.rank == 3, query.shape.rank == 3, document.shape[0] == query.shape[0],
        document.shape[2] == query.shape[2]
    else {
        throw ShapeError(
            "attentionOverAttention", expected: "a document [B, L, D] and a query [B, J, D]",
            found: "\(document.shape) and \(query.shape)")
    }
    let scores = try matmul(document, query.transposed())  // [B, L, J]
    let ofDocument = try scores.transposed().softmax().transposed()  // [B, L, J]
    let ofQuery = try scores.softmax().sum(axis: 1) / Float(max(1, document.shape[1]))  // [B, J]
    return try matmul(ofDocument, ofQuery.unsqueezed(axis: 2)).squeezed(axis: 2)
}

extension MechanismDescriptor {
    /// What there is to know of `attentionOverAttention`.
    public static let attentionOverAttention = MechanismDescriptor(
        "attention_over_attention", "Attention-over-attention", .composition,
        formula:
            "M = document · queryᵀ; weights = softmax over the document · mean over the document of softmax over the query",
        cost: "O(L J D) time, O(L J) memory",
        use: "Cloze questions, whose answer is a word of the text: the weights are the answer.",
        source: "Cui et al. 2017, Attention-over-Attention Neural Networks for Reading Comprehension, sec. 3",
        example: Example { ["document": .real($0.states), "query": .real($0.states * 0.1)] }
    ) { request in
        let weights = try AttentionVariants.attentionOverAttention(
            document: try request.tensor("document"), query: try request.tensor("query"))
        return ["weights": .real(weights)]
    }
}
