import AttentionLayers
public import AttentionTensors

extension CaptioningModel: PretrainedModel {
    public static var inputNames: [String] { ["pixel_values"] + Form.encoderAndDecoder.idNames }

    public var captioningModel: CaptioningModel? { self }

    public var heads: HeadCounts {
        HeadCounts(
            encoder: encoder.heads[.encoder], decoder: decoder.heads[.decoder], cross: decoder.heads[.cross])
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs, among: ["pixel_values"] + form.idNames)
        for side in [(encoder.layerCount, encoder.headCount), (decoder.layers.count, decoder.headCount)] {
            try observing.attentions.check(layerCount: side.0, headCount: side.1)
        }
        let images = try inputs.tensor(named: "pixel_values")
        let target = try TokenBatch(inputs, side: form.side)
        let (encoded, decoded) = try trace(images, target, observing: observing)
        let logits = NamedTensor("logits", try decoder.logits(decoded.last))
        switch form {
        case .encoderAndDecoder:
            return [logits] + EncoderDecoder<TransformerDecoderLayer>.Trace(encoded: encoded, decoded: decoded).named
        case .textOfPicture:
            return [logits, NamedTensor("image_embeds", encoded.last), NamedTensor("last_hidden_state", encoded.last)]
                + encoded.hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
                + encoded.attentions.map { NamedTensor("attentions.\($0.layer)", $0.weights) }
        }
    }
}

extension CaptioningModel.Form {
    /// What the names of ids begin with.
    fileprivate var side: String { self == .encoderAndDecoder ? "decoder_" : "" }

    /// The ids, and which of them are real.
    fileprivate var idNames: [String] { ["input_ids", "attention_mask"].map { side + $0 } }
}
