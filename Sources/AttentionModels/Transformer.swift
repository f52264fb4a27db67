public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// The encoder–decoder of *Attention Is All You Need* (Vaswani et al. 2017), with one embedding matrix for source, target and output.
public struct Transformer: SequenceToSequence {
    /// The sizes and choices.
    public let configuration: TransformerConfiguration
    /// Source, target and output vectors of the vocabulary; scaled by √M on input (sec. 3.4).
    public var embedding: Embedding
    /// Tells positions apart.
    public var positions: any PositionalEncoding
    /// The encoder's layers, first to last.
    public var encoder: [TransformerEncoderLayer]
    /// The decoder's layers, first to last.
    public var decoder: [TransformerDecoderLayer]
    /// The norm after the encoder's last layer, which pre-norm needs; nil for post-norm.
    public var encoderNorm: LayerNorm?
    /// The norm after the decoder's last layer, likewise.
    public var decoderNorm: LayerNorm?
    /// How the keys and values of what was written are kept.
    public var pageFormat = PageFormat.float32

    /// A new model, its parameters drawn from `key`.
    /// - Throws: `ConfigurationError` if the configuration cannot be built.
    public init(_ configuration: TransformerConfiguration, key: RandomKey) throws(ConfigurationError) {
        try self.init(configuration, key: key) { key throws(ConfigurationError) in
            try TransformerMechanisms(configuration, key: key)
        }
    }

    /// A new model whose heads attend by these mechanisms instead of those that the configuration names; every layer has parameters of
    /// its own, which begin alike.
    /// - Throws: `ConfigurationError` if the configuration cannot be built.
    public init(
        _ configuration: TransformerConfiguration, mechanisms: TransformerMechanisms, key: RandomKey
    ) throws(ConfigurationError) {
        try self.init(configuration, key: key) { _ in mechanisms }
    }

    private init(
        _ configuration: TransformerConfiguration, key: RandomKey,
        mechanisms: (RandomKey) throws(ConfigurationError) -> TransformerMechanisms
    ) throws(ConfigurationError) {
        try configuration.validate()
        self.configuration = configuration
        embedding = Embedding(
            configuration.vocabularySize, configuration.modelSize,
            deviation: 1 / Float(configuration.modelSize).squareRoot(), key: key[0])
        positions = try NamedPositions(configuration.positions).encoding(configuration, key[1])
        (encoder, decoder) = ([], [])
        for index in 0..<configuration.encoderLayerCount {
            encoder.append(TransformerEncoderLayer(configuration, try mechanisms(key[4][index]), key: key[2][index]))
        }
        for index in 0..<configuration.decoderLayerCount {
            decoder.append(TransformerDecoderLayer(configuration, try mechanisms(key[5][index]), key: key[3][index]))
        }
        encoderNorm = configuration.normOrder == .pre ? LayerNorm(configuration.modelSize) : nil
        decoderNorm = configuration.normOrder == .pre ? LayerNorm(configuration.modelSize) : nil
        guard let pruned = configuration.prunedHeads else { return }
        let rest = try PrunedHeads(removed: pruned).applied(
            to: self, headCount: configuration.headCount, setting: "prunedHeads")
        (encoder, decoder) = (rest.encoder, rest.decoder)
    }

    public var layerCount: Int { decoder.count }
    public var outputWeight: Parameter { embedding.weight }
    public var outputBias: Parameter? { nil }

    public func hiddenStates(_ batch: SequencePairBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        let annotations = try encode(batch.source, training: key?[0])
        var x = try embed(batch.input, .from(0), training: key?[1])
        for (index, layer) in decoder.enumerated() {
            let source = try layer.crossAttention.remember(annotations, lengths: batch.source.lengths)
            x = try layer.placed(at: index)(x, source: source, training: key?[2][index]).output
        }
        return try normed(x, decoderNorm).reshaped(to: [-1, configuration.modelSize])
    }

    public var attentionExtent: AttentionExtent {
        AttentionExtent(
            encoderLayerCount: encoder.count, decoderLayerCount: decoder.count,
            headCount: decoder.map(\.crossAttention.headCount).max() ?? configuration.headCount)
    }

    public var heads: HeadCounts {
        HeadCounts(
            encoder: encoder.map(\.selfAttention.headCount), decoder: decoder.map(\.selfAttention.headCount),
            cross: decoder.map(\.crossAttention.headCount))
    }

    public func attention(
        _ batch: SequencePairBatch, observing: SequenceObservation
    ) throws(ShapeError) -> SequenceAttention {
        var seen = SequenceAttention()
        var record = EncoderRecord(Observation(attentions: observing.heads(of: .encoder)))
        var annotations = try embed(batch.source, .from(0), training: nil)
        for layer in encoder {
            annotations = try record.pass(
                annotations, through: layer, present: .first(batch.source.lengths), training: nil)
        }
        annotations = try normed(annotations, encoderNorm)
        seen.encoder = record.attentions
        var x = try embed(batch.input, .from(0), training: nil)
        for (index, layer) in decoder.enumerated() {
            let source = try layer.crossAttention.remember(annotations, lengths: batch.source.lengths)
            let read = try layer.placed(at: index)(
                x, source: source, wanting: observing.weights(ofLayer: index), training: nil)
            x = read.output
            try seen.keep(read, ofLayer: index, heads: observing.heads.heads)
        }
        seen.hidden = try normed(x, decoderNorm).reshaped(to: [-1, configuration.modelSize])
        return seen
    }

    public func annotations(_ source: PaddedBatch) throws(ShapeError) -> Tensor { try encode(source, training: nil) }

    public func splitEncoderHeads(
        _ source: PaddedBatch, at places: [Int], ofLayer index: Int
    ) throws(ShapeError) -> SplitHeads? {
        try encoder[index].splitHeads(reading: try split(source, at: places, beforeLayer: index))
    }

    public func splitDecoderHeads(
        _ batch: SequencePairBatch, _ kind: AttentionKind, at places: SplitPlaces
    ) throws(ShapeError) -> SplitHeads? {
        let source = try split(batch.source, at: places.keys, beforeLayer: encoder.count).normed(by: encoderNorm)
        guard
            let x = try decoder.split(
                try splitVectors(batch.input, at: places.queries), before: places.layer, annotations: source.all,
                present: .first(batch.source.lengths))
        else { return nil }
        return try decoder[places.layer].splitHeads(kind, reading: x, of: source, at: places.layer)
    }

    /// Source ids at some places as a layer of the encoder reads them; behind the last of them, all that it makes.
    private func split(
        _ source: PaddedBatch, at places: [Int], beforeLayer index: Int
    ) throws(ShapeError) -> SplitState {
        var x = try splitVectors(source, at: places)
        for (place, layer) in encoder[..<index].enumerated() { x = try layer.placed(at: place).split(x, at: place) }
        return x
    }

    /// What the first layer reads.
    private func splitVectors(_ batch: PaddedBatch, at places: [Int]) throws(ShapeError) -> SplitState {
        let words = try scaledVectors(batch)
        return try SplitState(
            [(.token, words), (.position, try positions(.zeros(words.shape), positions: .from(0)))], at: places)
    }

    /// Source ids → annotations [B, K, M].
    private func encode(_ source: PaddedBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        var x = try embed(source, .from(0), training: key?[0])
        for (index, layer) in encoder.enumerated() {
            x = try layer.placed(at: index)(x, present: .first(source.lengths), training: key?[1][index])
        }
        return try normed(x, encoderNorm)
    }

    func embed(
        _ batch: PaddedBatch, _ places: Positions, training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        let x = try positions(try scaledVectors(batch), positions: places)
        return key.map { x.dropout(configuration.dropout, key: $0) } ?? x
    }

    private func scaledVectors(_ batch: PaddedBatch) throws(ShapeError) -> Tensor {
        try embedding(batch) * Float(configuration.modelSize).squareRoot()
    }

    func normed(_ x: Tensor, _ norm: LayerNorm?) throws(ShapeError) -> Tensor {
        guard let norm else { return x }
        return try norm(x)
    }

    /// `embedding.…`, `positions.…`, `encoder.0.…`, `decoder.0.…`, `encoder_norm.…`, `decoder_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embedding.visit(&visitor, path / "embedding")
        try positions.visit(&visitor, path / "positions")
        try encoder.visit(&visitor, path / "encoder")
        try decoder.visit(&visitor, path / "decoder")
        try encoderNorm.visit(&visitor, path / "encoder_norm")
        try decoderNorm.visit(&visitor, path / "decoder_norm")
    }
}
