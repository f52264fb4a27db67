package import AttentionMechanisms
package import AttentionTensors

/// What learned queries, the same for every item, read from sequences: the core of every pooling.
package struct PooledSequence {
    /// [B, R, D], or [B, D] for a single query.
    package let output: Tensor
    /// [B, R, L], or [B, L] for a single query.
    package let weights: Tensor

    /// What queries [R, A] read from values [B, L, D] by way of keys [B, L, A].
    /// - Throws: `ShapeError` if the shapes do not fit.
    package init(
        queries: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil,
        mechanism: AttentionMechanism = AttentionMechanism(score: .dot)
    ) throws(ShapeError) {
        guard queries.shape.rank == 2, keys.shape.rank == 3 else {
            throw ShapeError(
                "pooling", expected: "queries [R, A] and keys [B, L, A]", found: "\(queries.shape) and \(keys.shape)")
        }
        let memory = try mechanism.remember(
            keys: keys.unsqueezed(axis: 1), values: values.unsqueezed(axis: 1), lengths: lengths)
        let query = try queries.expanded(to: [keys.shape[0], 1, queries.shape[0], queries.shape[1]])
        let alignment = try mechanism.align(query, memory)
        output = try alignment.context.squeezed(axis: 1)
        weights = try alignment.weights.squeezed(axis: 1)
    }

    /// What one query [A] reads.
    /// - Throws: `ShapeError` if the shapes do not fit.
    package init(
        query: Tensor, keys: Tensor, values: Tensor, lengths: [Int]? = nil,
        mechanism: AttentionMechanism = AttentionMechanism(score: .dot)
    ) throws(ShapeError) {
        let rows = try PooledSequence(
            queries: query.unsqueezed(axis: 0), keys: keys, values: values, lengths: lengths, mechanism: mechanism)
        output = try rows.output.squeezed(axis: 1)
        weights = try rows.weights.squeezed(axis: 1)
    }
}
