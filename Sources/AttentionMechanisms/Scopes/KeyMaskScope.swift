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

extension KeyMaskScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "key_mask", "Key mask", .scope,
        formula: "key_mask[b, j]", cost: "O(BK)",
        use: "Keys that are missing anywhere: padding on the left, holes.", source: "Common practice",
        options: [.offset],
        example: PartExample { ["key_mask": .truths(try $0.everyOther([1, $0.length]))] }
    ) { request in try request.shifted(KeyMaskScope.keyMask(request.mask("key_mask"))) }
}
