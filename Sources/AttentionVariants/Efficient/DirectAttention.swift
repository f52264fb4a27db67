public import AttentionMechanisms
public import AttentionTensors

/// Attention that goes from queries to contexts without the matrix of all weights, which is why it reaches further.
///
/// Shapes and padding are those of `AttentionMechanism`: queries [B, H, Q, D], a memory of keys [B, Hkv, K, D] and values
/// [B, Hkv, K, Dv], H a multiple of Hkv. A query with nothing to look at has a zero context.
public protocol DirectAttention: Module {
    /// What the queries [B, H, Q, D] read from the memory: [B, H, Q, Dv].
    /// - Throws: `ShapeError` if the shapes do not fit, or if the memory is padded and the mechanism cannot leave padding out.
    func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor
}

extension DirectAttention {
    /// No parameters unless stated.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

extension Memory {
    /// How many query heads share a key head.
    /// - Throws: `ShapeError` in the name of `operation` unless the queries [B, n · H, Q, D] fit the keys [B, H, K, D].
    func groupSize(for query: Tensor, _ operation: String) throws(ShapeError) -> Int {
        let (batch, heads) = (keys.shape[0], keys.shape[1])
        try require(
            query.shape.rank == 4 && query.shape[0] == batch && heads > 0 && query.shape[1] % heads == 0
                && query.shape[3] == keys.shape[3],
            operation, expected: "queries [\(batch), n · \(heads), Q, \(keys.shape[3])] for keys \(keys.shape)",
            found: "\(query.shape)")
        return query.shape[1] / heads
    }
}

extension Tensor {
    /// 1/√D for vectors of this tensor's last size.
    var inverseRootSize: Float { 1 / Float(max(1, shape[-1])).squareRoot() }
}
