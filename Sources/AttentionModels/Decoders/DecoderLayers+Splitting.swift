import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension Array where Element: DecoderLayer {
    /// One row of target positions as a layer reads it, by what has written it; nil where that is not known.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func split(
        _ x: SplitState, before index: Int, annotations: Tensor, present: Presence
    ) throws(ShapeError) -> SplitState? {
        var x = x
        for (place, layer) in self[..<index].enumerated() {
            let memory = try layer.crossAttention.remember(annotations, present: present)
            guard let next = try layer.placed(at: place).split(x, source: memory, at: place) else { return nil }
            x = next
        }
        return x
    }
}

extension DecoderLayer {
    /// What the heads of this kind compare; nil where that is not known.
    func splitHeads(
        _ kind: AttentionKind, reading x: SplitState, of source: SplitState, at index: Int
    ) throws(ShapeError) -> SplitHeads? {
        switch kind {
        case .decoder: try splitHeads(reading: x)
        case .cross: try placed(at: index).splitCrossHeads(reading: x, of: source, at: index)
        case .encoder: nil
        }
    }
}
