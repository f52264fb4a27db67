public import AttentionLayers
public import AttentionTensors

/// Says in words what is to be seen on a picture: an encoder of pictures, and a decoder that writes while it looks at what the encoder made
/// (Xu et al. 2015, *Show, Attend and Tell*, with the Transformers of Li et al. 2021, *TrOCR*, sec. 2, and Li et al. 2022, *BLIP*, sec. 3.1).
///
/// ```swift
/// let model = try PretrainedFolder(path: "vit-gpt2-image-captioning").model().captioningModel
/// ```
public struct CaptioningModel: Module {
    /// How the reference calls what goes in and what comes out.
    public enum Form: Sendable, Hashable {
        /// Ids of the decoder are `decoder_input_ids`; both sides are given out.
        case encoderAndDecoder
        /// Ids are `input_ids`; beside the logits, what is given out is the picture's.
        case textOfPicture
    }

    /// Sees.
    public var encoder: any ImageEncoder
    /// Brings its vectors to the size that the decoder looks at; nil where they have it.
    public var bridge: Linear?
    /// Writes.
    public var decoder: TextDecoder<TransformerDecoderLayer>
    /// What tensors are called.
    public let form: Form

    /// A model of these parts.
    public init(
        encoder: any ImageEncoder, bridge: Linear?, decoder: TextDecoder<TransformerDecoderLayer>, form: Form
    ) {
        (self.encoder, self.bridge, self.decoder, self.form) = (encoder, bridge, decoder, form)
    }

    /// What the decoder looks at, [B, L, N], from what the encoder gives, [B, L, M].
    func annotations(_ encoded: EncoderOutput) throws(ShapeError) -> Tensor {
        guard let bridge else { return encoded.last }
        return try bridge(encoded.last)
    }

    /// What encoder and decoder make of pictures [B, C, height, width] and of ids that are all known.
    /// - Throws: `ShapeError` if the pictures have another size than the model reads, or an id is outside the vocabulary.
    public func trace(
        _ images: Tensor, _ target: TokenBatch, observing: Observation = .nothing
    ) throws(ShapeError) -> (encoded: EncoderOutput, decoded: TextDecoder<TransformerDecoderLayer>.Output) {
        let encoded = try encoder.encode(images, observing: observing)
        let decoded = try decoder.decode(
            target, annotations: try annotations(encoded), present: .all, observing: observing)
        return (encoded, decoded)
    }

    /// `encoder.…`, `bridge.…` if there is one, and `decoder.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try bridge.visit(&visitor, path / "bridge")
        try decoder.visit(&visitor, path / "decoder")
    }
}
