public import AttentionDecoding
import AttentionLayers
import AttentionTensors

/// An encoder of pictures and a decoder of words, each of a family of its own: captions (ViT and GPT-2), handwriting and print (Li et al. 2021,
/// *TrOCR*).
public enum VisionEncoderDecoder: ModelFamily {
    public static let modelTypes = ["vision-encoder-decoder"]
    public static let architectures = ["VisionEncoderDecoderModel"]

    /// The families of the encoder.
    private static let encoders: [any VisionFamily.Type] = [ViT.self, DeiT.self, Swin.self, DINOv2.self]
    /// Those of the decoder.
    private static let decoders: [any WritingDecoderFamily.Type] = [
        GPT2.self, TrOCR.self, Bert.self, Roberta.self, Bart.self, MBart.self,
    ]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let (encoderFields, encoderType) = try side("encoder", fields, encoders.flatMap { $0.modelTypes })
        let (decoderFields, decoderType) = try side("decoder", fields, decoders.flatMap { $0.modelTypes })
        guard let encoderFamily = encoders.first(where: { $0.modelTypes.contains(encoderType) }),
            let decoderFamily = decoders.first(where: { $0.modelTypes.contains(decoderType) })
        else { throw ConfigurationError("model_type", expected: "a known family on both sides", found: "another") }
        let encoder = try encoderFamily.encoder(encoderFields)
        let decoder = try decoderFamily.textDecoder(decoderFields)
        let sourceSize = decoder.layers.first?.crossAttention.key.weight.shape[1] ?? encoder.modelSize
        let bridge =
            encoder.modelSize == sourceSize ? nil : Linear(encoder.modelSize, sourceSize, key: .blank)
        return try CaptioningModel(encoder: encoder, bridge: bridge, decoder: decoder, form: .encoderAndDecoder)
            .loaded(
                from: checkpoint,
                ["bridge": "enc_to_dec_proj"] + encoderFamily.names(encoderFields).within("encoder")
                    + decoderFamily.textDecoderNames.within("decoder", backbone: decoderFamily.backbone),
                backbone: "", unused: unused)
    }

    /// Heads that nothing reads, copies of what is tied, buffers of old versions.
    private static let unused = [
        "encoder.pooler.*", "*mask_token", "*position_ids", "*relative_position_index", "*_float_tensor",
        "decoder.lm_head.weight",
        "decoder.lm_head.decoder.*", "decoder.output_projection.weight", "decoder.cls.predictions.decoder.*",
        "decoder.*.attn.bias", "decoder.*.attn.masked_bias", "decoder.*.crossattention.bias",
        "decoder.*.crossattention.masked_bias",
    ]

    /// What the configuration says of a side, and which of these families it is of.
    private static func side(
        _ name: String, _ fields: ConfigurationFields, _ known: [String]
    ) throws -> (fields: ConfigurationFields, type: String) {
        guard let part = try fields.part(name) else {
            throw ConfigurationError(name, expected: "an object", found: "none")
        }
        let type = try part.string("model_type")
        guard known.contains(type) else {
            throw ConfigurationError(
                "model_type of the \(name)", expected: "one of \(known.sorted().joined(separator: ", "))", found: type)
        }
        return (part, type)
    }

    /// Older folders have the settings among those of the decoder.
    public static func generation(
        _ said: GenerationConfiguration?, _ fields: ConfigurationFields
    ) throws -> GenerationConfiguration {
        guard said == nil, let decoder = try fields.part("decoder") else {
            return try said ?? GenerationConfiguration(fields)
        }
        return try GenerationConfiguration(decoder.overlaid(by: fields))
    }
}
