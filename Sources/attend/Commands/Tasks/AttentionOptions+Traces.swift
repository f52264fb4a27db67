import Attention
import AttentionFiles

extension AttentionOptions {
    /// Writes where heads looked while texts were written, or read from left to right: rows side by side, [rows, heads, L, K], with zeros beyond
    /// the pieces of a row.
    ///
    /// Of a language model these are `attentions.N`; of a model that reads one text and writes another `encoder_attentions.N`,
    /// `decoder_attentions.N` (of what is written, at what the decoder has read, a place behind) and `cross_attentions.N`, as far as it has them.
    func write(_ traces: [ModelTrace], to path: String) throws {
        guard Form(path: path) == .tensors else { return try write(traces[0], to: path) }
        var (entries, layers, heads): ([Safetensors.Entry], Set<Int>, [Int]) = ([], [], [])
        for part in traces.first?.attention ?? [] {
            let rows = try traces.map { try $0.weights(of: part.kind) }
            for (place, layer) in part.layers.enumerated() {
                entries.append(
                    Safetensors.Entry("\(part.tensorName).\(layer)", try stacked(rows.map { $0[place] })))
            }
            layers.formUnion(part.layers)
            if part.heads.count > heads.count { heads = part.heads }
        }
        var metadata = [
            "layers": try JSONEncoding.text(of: layers.sorted()), "heads": try JSONEncoding.text(of: heads),
        ]
        for (name, sequences) in [("tokens", ["target", "text"]), ("places", ["source"]), ("read", ["read"])] {
            let pieces = traces.compactMap { trace in
                trace.sequences.first { sequences.contains($0.name) }?.pieces
            }
            if !pieces.isEmpty { metadata[name] = try JSONEncoding.text(of: pieces) }
        }
        try Safetensors.write(entries, metadata: metadata, to: path)
    }
}

extension TracedAttention {
    /// What tensors of the kind are called: as the reference calls them, whose language models have attention of one kind.
    fileprivate var tensorName: String {
        kind == .decoder && queries == keys ? "attentions" : "\(kind.rawValue)_attentions"
    }
}

extension ModelTrace {
    /// The heads of each layer that were looked into, [heads, Q, K].
    fileprivate func weights(of kind: TracedAttention.Kind) throws -> [Tensor] {
        let part = try part(kind)
        let (height, width) = (queries(of: part).pieces.count, keys(of: part).pieces.count)
        let size = part.heads.count * height * width
        return try part.layers.indices.map { layer in
            try Tensor(
                Array(part.weights[layer * size..<(layer + 1) * size]), shape: [part.heads.count, height, width])
        }
    }
}
