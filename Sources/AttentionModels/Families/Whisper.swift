import AttentionLayers
import AttentionTensors

/// Whisper (Radford et al. 2023): writes what is said, in the language in which it is said or in English. All its sizes, and models made smaller of
/// them.
public enum Whisper: ModelFamily {
    public static let modelTypes = ["whisper"]
    public static let architectures = ["WhisperForConditionalGeneration"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let sizes = try BartSizes(
            fields, order: .pre, hasEmbeddingNorm: false, places: .learned(unused: 0),
            positionCount: "max_target_positions", hasKeyBiases: false)
        let model = SpeechEncoderDecoder(
            encoder: try encoder(sizes, fields), decoder: sizes.textDecoder(hasLogitsBias: false))
        return try model.loaded(
            from: checkpoint, names, backbone: "model", unused: ["proj_out.weight"])
    }

    private static func encoder(
        _ sizes: BartSizes, _ fields: ConfigurationFields
    ) throws(ConfigurationError) -> SpectrogramEncoder {
        let (size, bands) = (sizes.modelSize, try fields.size("num_mel_bins", default: 80))
        return SpectrogramEncoder(
            convolutions: [
                Convolution1D(bands, size, size: 3, padding: 1, key: .blank),
                Convolution1D(size, size, size: 3, stride: 2, padding: 1, key: .blank),
            ], activation: .gelu,
            positions: LearnedPositions(
                try fields.size("max_source_positions", default: 1500), size, key: .blank),
            layers: sizes.encoderLayers(try BartSizes.Side("encoder", fields)), norm: sizes.lastNorm,
            dropout: sizes.dropout)
    }

    private static var names: CheckpointMap {
        [
            "encoder.convolutions.0": ".encoder.conv1",
            "encoder.convolutions.1": ".encoder.conv2",
            "encoder.positions": ".encoder.embed_positions",
            "decoder.output.weight": "proj_out.weight",
        ] + .bart
    }
}
