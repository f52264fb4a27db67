import AttentionLayers
public import AttentionTensors

extension EncoderDecoder: PretrainedModel {
    public static var inputNames: [String] {
        ["input_ids", "attention_mask", "decoder_input_ids", "decoder_attention_mask"]
    }

    public var sequenceToSequence: (any SequenceToSequence)? { self }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let batch = try TokenBatch(inputs)
        let trace = try trace(batch, try TokenBatch(inputs, side: "decoder_"), observing: observing)
        return [NamedTensor("logits", try decoder.logits(trace.decoded.last))] + trace.named
    }

    /// What encoder and decoder make of ids that are all known.
    func trace(
        _ source: TokenBatch, _ target: TokenBatch, observing: Observation
    ) throws(ShapeError) -> Trace {
        let encoded = try encoder.encode(source, observing: observing, training: nil)
        let decoded = try decoder.decode(
            target, annotations: encoded.last, present: source.present, observing: observing)
        return Trace(encoded: encoded, decoded: decoded)
    }

    /// What both sides give.
    struct Trace {
        let encoded: EncoderOutput
        let decoded: TextDecoder<Layer>.Output

        /// All but the logits, by the reference's names.
        var named: [NamedTensor] {
            func numbered(_ name: String, _ tensors: [Tensor]) -> [NamedTensor] {
                tensors.enumerated().map { NamedTensor("\(name).\($0.offset)", $0.element) }
            }
            func weights(_ name: String, _ layers: [LayerAttention]) -> [NamedTensor] {
                layers.map { NamedTensor("\(name).\($0.layer)", $0.weights) }
            }
            return numbered("decoder_hidden_states", decoded.hiddenStates)
                + weights("decoder_attentions", decoded.targetAttentions)
                + weights("cross_attentions", decoded.sourceAttentions)
                + [NamedTensor("encoder_last_hidden_state", encoded.last)]
                + numbered("encoder_hidden_states", encoded.hiddenStates)
                + weights("encoder_attentions", encoded.attentions)
        }
    }
}
