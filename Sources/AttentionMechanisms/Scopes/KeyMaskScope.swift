public import AttentionTensors

/// The keys that a mask [B, K] admits: padding on the left, or holes. Padding on the right is the memory's own `lengths`.
public struct KeyMaskScope: Scope {
    /// [B, K], *true = may be attended*.
    public let mask: Mask

    /// - Throws: `ShapeError` unless the mask is [B, K].
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let (batch, keyCount) = (query.shape[0], memory.keyCount)
        try require(
            mask.shape == [batch, keyCount], "keyMask", expected: "a mask [\(batch), \(keyCount)]",
            found: "\(mask.shape)")
        return .mask(Mask(shape: [batch, 1, 1, keyCount], bytes: mask.bytes))
    }
}

extension Scope where Self == KeyMaskScope {
    /// At the keys that this mask [B, K] admits.
    public static func keyMask(_ mask: Mask) -> KeyMaskScope { KeyMaskScope(mask: mask) }
}
