public import AttentionTensors

/// Where a query may look, by position. Padding of keys is not a scope: it belongs to the memory.
///
/// Wherever pairs are named here, j is the place of a key, i that of a query among the queries of the call, and p = i + offset the
/// place of that query among the keys. *True = may attend.*
public protocol Scope: Sendable {
    /// The region for queries [B, H, Q, D], whose first stands at position `offset` of the keys [B, Hkv, K, D].
    ///
    /// Most scopes ask only for the counts; scores are never asked.
    /// - Throws: `ShapeError` if the scope cannot cover these counts.
    func region(query: Tensor, keys: Tensor, offset: Int) throws(ShapeError) -> Region
}
