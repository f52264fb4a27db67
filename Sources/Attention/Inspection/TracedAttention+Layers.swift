import AttentionInspection
import AttentionModels
import AttentionTensors

extension TracedAttention {
    /// What was seen in one row of a batch, [1, heads, Q, K] each layer; nil if nothing was. A layer that pruning has left fewer heads than others has
    /// zeros behind its own.
    init?(
        _ kind: Kind, queries: Int, keys: Int, of layers: [LayerAttention], heads: [Int]?, chosen: HeadIndex? = nil
    ) {
        guard let first = layers.first else { return nil }
        let heads = heads ?? Array(0..<(layers.map { $0.weights.shape[1] }.max() ?? 0))
        let size = heads.count * first.weights.shape[2] * first.weights.shape[3]
        let numbers = layers.map(\.layer)
        let isSeen = chosen.map { numbers.contains($0.layer) && heads.contains($0.head) } ?? false
        self.init(
            kind: kind, queries: queries, keys: keys, layers: numbers, heads: heads, chosen: isSeen ? chosen : nil,
            weights: layers.flatMap { layer in
                let own = layer.weights.values
                return own + [Float](repeating: 0, count: size - own.count)
            })
    }
}
