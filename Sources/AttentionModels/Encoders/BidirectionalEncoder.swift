public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Embeddings and layers of self-attention in which every id looks at all others, one after the other (Devlin et al. 2019, *BERT*).
public struct BidirectionalEncoder: TextEncoder {
    /// What the first layer reads.
    public var embeddings: TokenEmbeddings
    /// The layers that have parameters of their own.
    public var layers: [TransformerEncoderLayer]
    /// Which of them are passed, in this order: ALBERT passes one many times.
    public let passes: [Int]
    /// A bias by distance that the heads of all layers share; nil for none.
    public var distanceBias: T5BiasModifier?
    /// The norm behind the last layer, which pre-norm needs; nil for none.
    public var norm: (any Norm)?

    /// An encoder of these parts; every layer is passed once unless `passes` says otherwise.
    public init(
        embeddings: TokenEmbeddings, layers: [TransformerEncoderLayer], passes: [Int]? = nil,
        distanceBias: T5BiasModifier? = nil, norm: (any Norm)? = nil
    ) {
        (self.embeddings, self.layers, self.passes) = (embeddings, layers, passes ?? Array(layers.indices))
        (self.distanceBias, self.norm) = (distanceBias, norm)
    }

    public var modelSize: Int { layers.first?.selfAttention.query.weight.shape[1] ?? words.weight.shape[1] }
    public var words: Embedding { embeddings.words }
    public var lengthLimit: Int? { embeddings.lengthLimit }
    public var layerCount: Int { passes.count }
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }
    public var keepsTextsApart: Bool { true }

    public func encode(
        _ batch: TokenBatch, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        var record = EncoderRecord(observing)
        var x = try embeddings(batch, training: key?[0])
        record.keep(x)
        let sameText = batch.sameText.map { MaskScope.mask($0) }
        for place in passes.indices {
            var layer = self.layer(of: place)
            if let sameText {
                layer.selfAttention.mechanism.scope = .intersection(layer.selfAttention.mechanism.scope, sameText)
            }
            x = try record.pass(x, through: layer, present: batch.present, training: key?[1][place])
            // The last state is what the encoder gives: behind the norm.
            if place == passes.count - 1, let norm { x = try norm(x) }
            record.keep(x)
        }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// The layer that is passed at this place, with the bias that all share.
    private func layer(of place: Int) -> TransformerEncoderLayer {
        var layer = layers[passes[place]]
        if let distanceBias { layer.selfAttention.mechanism.modifiers.append(distanceBias) }
        return layer
    }

    public func splitHeads(_ batch: TokenBatch, at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads?
    {
        try layer(of: index).splitHeads(reading: try split(batch, at: places, beforeLayer: index))
    }

    public func split(_ batch: TokenBatch, at places: [Int]) throws(ShapeError) -> SplitState? {
        try split(batch, at: places, beforeLayer: layerCount).normed(by: norm)
    }

    private func split(
        _ batch: TokenBatch, at places: [Int], beforeLayer index: Int
    ) throws(ShapeError) -> SplitState {
        var x = try embeddings.split(batch, at: places)
        for place in 0..<index { x = try layer(of: place).placed(at: place).split(x, at: place) }
        return x
    }

    /// `embeddings.…`, `layers.0.…`, `distance_bias.…` and `norm.…`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.visit(&visitor, path / "embeddings")
        try layers.visit(&visitor, path / "layers")
        try distanceBias.visit(&visitor, path / "distance_bias")
        try norm?.visit(&visitor, path / "norm")
    }
}
