public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Writes ids one after another while looking at what an encoder made of something else (Vaswani et al. 2017, sec. 3.1).
///
/// Whatever was read, an encoder gives vectors, and these are all that the decoder knows of it.
public struct TextDecoder<Layer: DecoderLayer>: Module {
    /// What the first layer reads.
    public var embeddings: TokenEmbeddings
    /// The layers, first to last.
    public var layers: [Layer]
    /// A bias by distance that the heads of all layers share; nil for none.
    public var distanceBias: T5BiasModifier?
    /// The norm behind the last layer, which pre-norm needs; nil for none.
    public var norm: (any Norm)?
    /// From vectors to logits.
    public var output: OutputMap

    /// A decoder of these parts.
    public init(
        embeddings: TokenEmbeddings, layers: [Layer], distanceBias: T5BiasModifier? = nil, norm: (any Norm)? = nil,
        output: OutputMap = OutputMap()
    ) {
        (self.embeddings, self.layers, self.distanceBias) = (embeddings, layers, distanceBias)
        (self.norm, self.output) = (norm, output)
    }

    /// W.
    public var outputWeight: Parameter { output.weight ?? embeddings.words.weight }

    /// The heads of a layer.
    public var headCount: Int { layers.first?.crossAttention.headCount ?? 0 }

    /// The heads of each layer, which can be left out.
    public var heads: HeadCounts {
        HeadCounts(decoder: layers.map(\.ownHeadCount), cross: layers.map(\.crossAttention.headCount))
    }

    /// The layers with what they share.
    var sharing: [Layer] {
        guard let distanceBias else { return layers }
        return layers.map { $0.modified(by: distanceBias) }
    }

    /// What each layer reads in these vectors [B, K, M], of which some are real.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func remember(_ annotations: Tensor, present: Presence) throws(ShapeError) -> [Memory] {
        var memories: [Memory] = []
        for layer in layers {
            memories.append(try layer.crossAttention.remember(annotations, present: present))
        }
        return memories
    }

    /// Behind the last layer: what the output map reads.
    func finished(_ x: Tensor) throws(ShapeError) -> Tensor {
        guard let norm else { return x }
        return try norm(x)
    }

    /// What the output map's weight is applied to.
    func prepared(_ x: Tensor) throws(ShapeError) -> Tensor { try output.prepared(x) }

    /// `embeddings.…`, `layers.0.…`, `distance_bias.…`, `norm.…` and `output.…`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.words.visit(&visitor, path / "embeddings" / "words")
        try visitBesideWords(&visitor, path)
    }

    /// The same without the words, for those who visit them elsewhere.
    mutating func visitBesideWords<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.visitBesideWords(&visitor, path / "embeddings")
        try layers.visit(&visitor, path / "layers")
        try distanceBias.visit(&visitor, path / "distance_bias")
        try norm?.visit(&visitor, path / "norm")
        try output.visit(&visitor, path / "output")
    }
}

extension TextDecoder {
    /// What the decoder makes of ids that are all known.
    public struct Output: Sendable {
        /// Behind the norm, [B, T, M].
        public let last: Tensor
        /// What every layer gives on, the embeddings first, the last behind the norm; empty unless asked for.
        public var hiddenStates: [Tensor] = []
        /// Where the chosen heads of the chosen layers look among the ids before, [B, heads, T, T].
        public var targetAttentions: [LayerAttention] = []
        /// Where they look in the source, [B, heads, T, K].
        public var sourceAttentions: [LayerAttention] = []
    }

    /// Ids [B, T] that are all known, with vectors of the source [B, K, M].
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or the shapes do not fit.
    public func decode(
        _ batch: TokenBatch, annotations: Tensor, present: Presence, observing: Observation = .nothing,
        training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        let chosen = observing.attentions
        var (states, targets, sources): ([Tensor], [LayerAttention], [LayerAttention]) = ([], [], [])
        var x = try embeddings(batch, training: key?[0])
        let memories = try remember(annotations, present: present)
        for (index, layer) in sharing.enumerated() {
            states.append(x)
            let wanted: DecoderWeights = chosen.contains(layer: index) ? [.source, .target] : []
            let output = try layer.placed(at: index)(
                x, source: memories[index], wanting: wanted, training: key?[1][index])
            x = output.output
            if let weights = output.targetWeights {
                targets.append(try LayerAttention(layer: index, of: weights, heads: chosen.heads))
            }
            if let weights = output.sourceWeights {
                sources.append(try LayerAttention(layer: index, of: weights, heads: chosen.heads))
            }
        }
        let last = try finished(x)
        return Output(
            last: last, hiddenStates: observing.hiddenStates ? states + [last] : [], targetAttentions: targets,
            sourceAttentions: sources)
    }

    /// Logits of what the decoder gives: [..., M] → [..., V].
    /// - Throws: `ShapeError` if the last size is not M.
    public func logits(_ x: Tensor) throws(ShapeError) -> Tensor {
        try linear(try prepared(x), weight: outputWeight, bias: output.bias)
    }
}
