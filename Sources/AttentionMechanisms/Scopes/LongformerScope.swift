public import AttentionTensors

/// |p − j| ≤ window, or p or j is global: global places see all and are seen by all.
///
/// *Source:* Beltagy, Peters & Cohan 2020, *Longformer*, sec. 3.1 (their window size is 2 · `window`).
public struct LongformerScope: Scope {
    /// How far a place that is not global sees, on each side.
    public let window: Int
    /// [B, K]: the global places.
    public let globalMask: Mask

    /// - Throws: `ShapeError` unless the window is at least 0 and the mask [B, K] covers every query.
    public func region(query: Tensor, keys: Tensor, offset: Int) throws(ShapeError) -> Region {
        let (batch, keyCount) = (query.shape[0], keys.shape[2])
        try require(window >= 0, "longformer", expected: "a window of at least 0", found: "\(window)")
        try require(
            globalMask.shape == [batch, keyCount], "longformer", expected: "a mask [\(batch), \(keyCount)]",
            found: "\(globalMask.shape)")
        try require(
            offset >= 0 && offset + query.shape[2] <= keyCount, "longformer",
            expected: "queries at places of the \(keyCount) keys",
            found: "\(query.shape[2]) from \(offset) on")
        return .pairsOfItems(query, keys, offset: offset) { item, p, j in
            abs(p - j) <= window || globalMask[item, j] || globalMask[item, p]
        }
    }
}

extension Scope where Self == LongformerScope {
    /// At neighbours up to `window` away, and at the places that `globalMask` [B, K] names, which look everywhere.
    public static func longformer(window: Int, globalMask: Mask) -> LongformerScope {
        LongformerScope(window: window, globalMask: globalMask)
    }
}
