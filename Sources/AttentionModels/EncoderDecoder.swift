public import AttentionDecoding
public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A text encoder, and a decoder that writes while it looks at what the encoder made: T5, BART, Marian and their kin, one for all.
///
/// ```swift
/// let model = try PretrainedFolder(path: "t5-small").model()
/// ```
public struct EncoderDecoder<Layer: DecoderLayer>: SequenceToSequence {
    /// Reads the source.
    public var encoder: any TextEncoder
    /// Writes the target.
    public var decoder: TextDecoder<Layer>
    /// Whether the decoder's table of vectors is the encoder's, and stands in checkpoints once.
    public let sharesWords: Bool
    /// What fills rows up.
    public let padding: Int

    /// A model of these parts. If they share their words, the decoder's are those of the encoder from now on.
    public init(
        encoder: any TextEncoder, decoder: TextDecoder<Layer>, sharesWords: Bool = true, padding: Int
    ) {
        (self.encoder, self.decoder, self.sharesWords, self.padding) = (encoder, decoder, sharesWords, padding)
        if sharesWords { self.decoder.embeddings.words = encoder.words }
    }

    public typealias State = TextDecoder<Layer>.State

    public var layerCount: Int { decoder.layers.count }
    public var outputWeight: Parameter { decoder.outputWeight }
    public var outputBias: Parameter? { decoder.output.bias }

    public func annotations(_ source: PaddedBatch) throws(ShapeError) -> Tensor { try encode(source, training: nil) }

    private func encode(_ source: PaddedBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        try encoder.encode(try TokenBatch(source), observing: .nothing, training: key).last
    }

    public func splitEncoderHeads(
        _ source: PaddedBatch, at places: [Int], ofLayer index: Int
    ) throws(ShapeError) -> SplitHeads? {
        try encoder.splitHeads(try TokenBatch(source), at: places, ofLayer: index)
    }

    public func splitDecoderHeads(
        _ batch: SequencePairBatch, _ kind: AttentionKind, at places: SplitPlaces
    ) throws(ShapeError) -> SplitHeads? {
        guard let source = try encoder.split(try TokenBatch(batch.source), at: places.keys) else { return nil }
        let layers = decoder.sharing
        let first = try decoder.embeddings.split(try TokenBatch(batch.input), at: places.queries)
        guard
            let x = try layers.split(
                first, before: places.layer, annotations: source.all, present: batch.source.presence)
        else { return nil }
        return try layers[places.layer].splitHeads(kind, reading: x, of: source, at: places.layer)
    }

    public func start(_ source: PaddedBatch) throws(ShapeError) -> State {
        try decoder.start(try annotations(source), present: source.presence)
    }

    public func starts(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] { try startsTogether(sources) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try decoder.step(tokens, &state, wanting: outputs)
    }

    public func hiddenStates(_ batch: SequencePairBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        let annotations = try encode(batch.source, training: key?[0])
        let decoded = try decoder.decode(
            try TokenBatch(batch.input), annotations: annotations, present: batch.source.presence, training: key?[1])
        return try decoder.prepared(decoded.last).reshaped(to: [-1, decoded.last.shape[2]])
    }

    public var attentionExtent: AttentionExtent {
        AttentionExtent(
            encoderLayerCount: encoder.layerCount, decoderLayerCount: decoder.layers.count,
            headCount: decoder.layers.first?.crossAttention.headCount ?? 0)
    }

    public var heads: HeadCounts {
        HeadCounts(encoder: encoder.heads[.encoder], decoder: decoder.heads[.decoder], cross: decoder.heads[.cross])
    }

    public func attention(
        _ batch: SequencePairBatch, observing: SequenceObservation
    ) throws(ShapeError) -> SequenceAttention {
        let read = try encoder.encode(
            try TokenBatch(batch.source), observing: Observation(attentions: observing.heads(of: .encoder)),
            training: nil)
        var seen = SequenceAttention()
        seen.encoder = read.attentions
        let written = try decoder.decode(
            try TokenBatch(batch.input), annotations: read.last, present: batch.source.presence,
            observing: Observation(attentions: observing.kinds == .encoder ? .none : observing.heads))
        if observing.kinds.contains(.decoder) { seen.decoder = written.targetAttentions }
        if observing.kinds.contains(.cross) { seen.cross = written.sourceAttentions }
        seen.hidden = try decoder.prepared(written.last).reshaped(to: [-1, written.last.shape[2]])
        return seen
    }

    /// `encoder.…` and `decoder.…`; words that are shared are the encoder's.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        guard sharesWords else { return try decoder.visit(&visitor, path / "decoder") }
        try decoder.visitBesideWords(&visitor, path / "decoder")
        decoder.embeddings.words = encoder.words
    }
}
