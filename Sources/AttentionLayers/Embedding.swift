public import AttentionTensors

/// A vector for each id of a vocabulary.
public struct Embedding: Module {
    /// [V, M].
    public var weight: Parameter

    /// Vectors for `count` ids, drawn from the normal distribution.
    ///
    /// With deviation 1, what a recurrent cell makes of its input depends on the word from the first update on, rather than on the biases.
    /// A matrix that is the output map too wants `size`^−½, which keeps the first logits near deviation 1.
    public init(_ count: Int, _ size: Int, deviation: Float = 1, key: RandomKey) {
        weight = Parameter(.normal([count, size], deviation: deviation, key: key))
    }

    /// The vectors of a batch of ids: [B, L] → [B, L, M].
    /// - Throws: `ShapeError` naming the first id outside the vocabulary.
    public func callAsFunction(_ batch: PaddedBatch) throws(ShapeError) -> Tensor {
        try weight.rows(batch.ids, shape: batch.shape)
    }

    /// The vectors of these ids, [N, M].
    /// - Throws: `ShapeError` naming the first id outside the vocabulary.
    public func callAsFunction(_ ids: [Int]) throws(ShapeError) -> Tensor {
        try weight.rows(ids, shape: [ids.count])
    }

    /// The same matrix used as the output map: [..., M] → logits [..., V] (Press & Wolf 2017, *Using the Output Embedding*).
    /// - Throws: `ShapeError` if the last size is not M.
    public func logits(_ x: Tensor) throws(ShapeError) -> Tensor { try linear(x, weight: weight) }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}
