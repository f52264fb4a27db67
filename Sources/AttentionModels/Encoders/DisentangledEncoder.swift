public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// An encoder whose layers share vectors of relative positions, which each layer projects with its own maps into keys and queries of
/// position (He et al. 2021, *DeBERTa*, sec. 3.1), and which may read neighbouring ids by a convolution beside its first layer (He et al.
/// 2023, *DeBERTaV3*, as released).
public struct DisentangledEncoder: TextEncoder {
    /// Vectors of distances and how they are projected.
    public struct RelativePositions: Module {
        /// [2k, M].
        public var weight: Parameter
        /// The norm of these vectors; nil for none.
        public var norm: LayerNorm?
        /// Maps to keys of position, one a layer; empty where the layer's own map of keys serves.
        public var keys: [Linear]
        /// Maps to queries of position, one a layer; empty where the layer's own map of queries serves.
        public var queries: [Linear]
        /// Whether content looks at positions.
        public let hasKeys: Bool
        /// Whether positions look at content.
        public let hasQueries: Bool
        /// Which distances share a vector.
        public let distances: DisentangledScore.Distances

        /// The score of a layer.
        func score(of layer: TransformerEncoderLayer, at index: Int) throws(ShapeError) -> DisentangledScore {
            var vectors = weight.tensor
            if let norm { vectors = try norm(vectors) }
            let attention = layer.selfAttention
            let (key, query) = (
                keys.isEmpty ? attention.key : keys[index], queries.isEmpty ? attention.query : queries[index]
            )
            return DisentangledScore(
                relativeKey: hasKeys ? try heads(try key(vectors), attention.headCount) : nil,
                relativeQuery: hasQueries ? try heads(try query(vectors), attention.headCount) : nil,
                index: .code, distances: distances)
        }

        /// [2k, H · D] → [H, 2k, D].
        private func heads(_ x: Tensor, _ count: Int) throws(ShapeError) -> Tensor {
            try x.reshaped(to: [x.shape[0], count, x.shape[1] / count]).permuted([1, 0, 2])
        }

        /// `relative.weight`, `relative_norm`, `position_keys.0` and `position_queries.0`, as far as there are any.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try weight.visit(&visitor, path / "relative" / "weight")
            try norm.visit(&visitor, path / "relative_norm")
            try keys.visit(&visitor, path / "position_keys")
            try queries.visit(&visitor, path / "position_queries")
        }
    }

    /// norm(y + activation(W ∗ x + b)): neighbouring embeddings x beside what the first layer made of them, y.
    public struct Convolution: Module {
        /// W, [M, M, width].
        public var weight: Parameter
        /// b, [M].
        public var bias: Parameter
        /// What follows it.
        public let activation: Activation
        /// The norm of the sum.
        public var norm: LayerNorm

        /// Embeddings x and the first layer's output y, [B, L, M] → [B, L, M], 0 at padding.
        func callAsFunction(_ x: Tensor, beside y: Tensor, present: Presence) throws(ShapeError) -> Tensor {
            let (size, width) = (weight.shape[0], weight.shape[2])
            let image = x.transposed(1, 2).unsqueezed(axis: 2)  // [B, M, 1, L]
            let seen = try convolution2D(
                image, weight: try weight.tensor.reshaped(to: [size, size, 1, width]), padding: (0, width / 2)
            ).squeezed(axis: 2).transposed(1, 2)  // [B, L, M]
            let shifted = seen + bias.tensor
            let branch = try activation(shifted.clearing(besides: present))
            return try norm(y + branch).clearing(besides: present)
        }

        /// `weight`, `bias` and `norm`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try weight.visit(&visitor, path / "weight")
            try bias.visit(&visitor, path / "bias")
            try norm.visit(&visitor, path / "norm")
        }
    }

    /// What the first layer reads; 0 at padding.
    public var embeddings: TokenEmbeddings
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// How positions are told apart in the layers; nil where they are not.
    public var positions: RelativePositions?
    /// What stands beside the first layer; nil for nothing.
    public var convolution: Convolution?

    public var modelSize: Int { layers.first?.selfAttention.query.weight.shape[1] ?? words.weight.shape[1] }
    public var words: Embedding { embeddings.words }
    public var lengthLimit: Int? { embeddings.lengthLimit }
    public var layerCount: Int { layers.count }
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }

    public func encode(
        _ batch: TokenBatch, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        var record = EncoderRecord(observing)
        let embedded = try embeddings(batch, training: key?[0]).clearing(besides: batch.present)
        var x = embedded
        record.keep(x)
        for (index, plain) in layers.enumerated() {
            var layer = plain
            if let positions { layer.selfAttention.mechanism.score = try positions.score(of: layer, at: index) }
            x = try record.pass(x, through: layer, present: batch.present, training: key?[1][index])
            if index == 0, let convolution { x = try convolution(embedded, beside: x, present: batch.present) }
            record.keep(x)
        }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// `embeddings.…`, `layers.0.…`, those of the positions, `convolution.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.visit(&visitor, path / "embeddings")
        try layers.visit(&visitor, path / "layers")
        try positions.visit(&visitor, path)
        try convolution.visit(&visitor, path / "convolution")
    }
}
