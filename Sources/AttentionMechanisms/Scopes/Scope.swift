public import AttentionTensors

/// Where a query may look, by position. Padding of keys is not a scope: it belongs to the memory.
///
/// Wherever pairs are named here, j is the place of a key, i that of a query among the queries of the call, and p the position of that
/// query among the keys. *True = may attend.*
public protocol Scope: Sendable {
    /// The region for queries [B, H, Q, D] that stand at these positions among the memory's keys [B, Hkv, K, D].
    ///
    /// Most scopes ask the memory only for the number of its keys; scores are never asked.
    /// - Throws: `ShapeError` if the scope cannot cover these counts or positions.
    func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region
}

/// What there is to know of a scope.
public typealias ScopeDescriptor = PartDescriptor<any Scope>
