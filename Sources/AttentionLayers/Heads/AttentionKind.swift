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
    /// The layer without the heads that are left out where it stands among the others.
    public func ablated(at index: Int) -> TransformerEncoderLayer {
        let ablation = Ablation.current
        guard !ablation.isEmpty else { return self }
        var copy = self
        copy.selfAttention.silenced = ablation.heads(of: .encoder, at: index)
        return copy
    }
}

extension DecoderLayer {
    /// The layer without the heads that are left out where it stands among the others.
    public func ablated(at index: Int) -> Self {
        let ablation = Ablation.current
        guard !ablation.isEmpty else { return self }
        var copy = silencing(ablation.heads(of: .decoder, at: index))
        copy.crossAttention.silenced = ablation.heads(of: .cross, at: index)
        return copy
    }
}
