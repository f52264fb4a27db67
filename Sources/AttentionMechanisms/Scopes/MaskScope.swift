public import AttentionTensors

/// The pairs that a mask of your own admits: rank 2, 3 or 4, repeated from the right to [B, H, Q, K].
public struct MaskScope: Scope {
    /// *True = may attend.*
    public let mask: Mask

    /// - Throws: `ShapeError` unless the mask can be repeated to [B, H, Q, K].
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let scores = Shape(query.shape.dimensions.dropLast() + [memory.keyCount])
        try require(
            mask.shape.rank > 0 && mask.shape.broadcast(with: scores) == scores, "mask",
            expected: "a mask that can be repeated to \(scores)", found: "\(mask.shape)")
        return .mask(mask)
    }
}

extension Scope where Self == MaskScope {
    /// At the pairs that this mask admits.
    public static func mask(_ mask: Mask) -> MaskScope { MaskScope(mask: mask) }
}

extension MaskScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "mask", "Any mask", .scope,
        formula: "mask[b, h, i, j], true = may attend", cost: "O(BHQK)",
        use: "A pattern that has no name here.", source: "Vaswani et al. 2017, sec. 3.2.3",
        options: [.offset],
        example: PartExample { ["mask": .truths(try $0.everyOther([$0.length, $0.length]))] }
    ) { request in try request.shifted(MaskScope.mask(request.mask("mask"))) }
}
