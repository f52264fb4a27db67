public import AttentionDecoding
public import AttentionLayers
public import AttentionTensors

/// An encoder of spectrograms, and a decoder that writes while it looks at what the encoder heard: Whisper.
public struct SpeechEncoderDecoder: PretrainedModel {
    /// Hears.
    public var encoder: SpectrogramEncoder
    /// Writes.
    public var decoder: TextDecoder<TransformerDecoderLayer>

    /// A model of these parts.
    public init(encoder: SpectrogramEncoder, decoder: TextDecoder<TransformerDecoderLayer>) {
        (self.encoder, self.decoder) = (encoder, decoder)
    }

    public var speechModel: SpeechEncoderDecoder? { self }

    public var heads: HeadCounts {
        HeadCounts(
            encoder: encoder.layers.map(\.selfAttention.headCount), decoder: decoder.heads[.decoder],
            cross: decoder.heads[.cross])
    }

    public static var inputNames: [String] { ["input_features", "decoder_input_ids", "decoder_attention_mask"] }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let encoded = try encoder.encode(try inputs.tensor(named: "input_features"), observing: observing)
        let decoded = try decoder.decode(
            try TokenBatch(inputs, side: "decoder_"), annotations: encoded.last, present: .all, observing: observing)
        let trace = EncoderDecoder<TransformerDecoderLayer>.Trace(encoded: encoded, decoded: decoded)
        return [NamedTensor("logits", try decoder.logits(decoded.last))] + trace.named
    }

    /// What the decoder remembers of spectrograms [B, bands, frames] before its first token, one row each.
    /// - Throws: `ShapeError` if they have other bands or frames than the model was made for.
    public func start(_ spectrograms: Tensor) throws(ShapeError) -> State {
        try decoder.start(try encoder.encode(spectrograms).last, present: .all)
    }

    /// `encoder.…` and `decoder.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try decoder.visit(&visitor, path / "decoder")
    }
}

extension SpeechEncoderDecoder: GenerativeModel {
    public typealias State = TextDecoder<TransformerDecoderLayer>.State

    public var generator: (any GenerativeModel)? { self }
    public var vocabularySize: Int { decoder.outputWeight.shape[0] }
    public var lengthLimit: Int? { decoder.embeddings.lengthLimit }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try decoder.step(tokens, &state, wanting: outputs)
    }

    /// Never: what is heard is no row of tokens.
    /// - Throws: `PretrainedError.hearsOnly`.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> { throw PretrainedError.hearsOnly }

    /// Behind that row of `input_features`; what is written begins with a token that the configuration says.
    public func start(_ inputs: SafetensorsFile, row: Int) throws -> GenerationStart<State> {
        let features = try inputs.tensor(named: "input_features")
        guard features.shape.rank == 3, row >= 0, row < features.shape[0] else {
            throw PretrainedError.badInput(
                "input_features", source: inputs.source, expected: "spectrograms [B, bands, frames] with a row \(row)",
                found: "\(features.shape)")
        }
        return GenerationStart(state: try start(try features.sliced(axis: 0, row..<row + 1)), prompts: nil)
    }
}
