internal import AttentionMechanisms
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
