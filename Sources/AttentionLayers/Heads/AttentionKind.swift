public import AttentionTensors

/// Who looks at whom.
public enum AttentionKind: String, Sendable, Hashable, CaseIterable {
    /// What is read, at itself.
    case encoder
    /// Each place of what is written, at those before it.
    case decoder
    /// What is written, at what was read.
    case cross
}

extension Ablation {
    /// Which heads of a layer are left out.
    public func heads(of kind: AttentionKind, at layer: Int) -> Set<Int> { self[Place(kind.rawValue, layer: layer)] }

    /// Heads of one layer.
    public init(_ heads: Set<Int>, of kind: AttentionKind, at layer: Int) {
        self.init([Place(kind.rawValue, layer: layer): heads])
    }
}

extension TransformerEncoderLayer {
    /// The layer as it stands among the others: without the heads that are left out there, and heard by whoever records.
    public func placed(at index: Int) -> TransformerEncoderLayer {
        guard MultiHeadAttention.isPlaced else { return self }
        var copy = self
        copy.selfAttention.place(.encoder, at: index)
        return copy
    }
}

extension DecoderLayer {
    /// The layer as it stands among the others: without the heads that are left out there, and heard by whoever records.
    public func placed(at index: Int) -> Self {
        guard MultiHeadAttention.isPlaced else { return self }
        var copy = changingSelfAttention { $0.place(.decoder, at: index) }
        copy.crossAttention.place(.cross, at: index)
        return copy
    }
}
