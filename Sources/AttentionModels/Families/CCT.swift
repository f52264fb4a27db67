import AttentionFiles
import AttentionLayers
import AttentionTensors

/// Compact convolutional transformers (Hassani et al. 2021): CCT-2/3×2 has two layers behind two convolutions of 3 × 3. They are at home here;
/// transformers does not know them.
///
/// The layers are those of ViT: in the authors' code the second branch of a layer is added to what was normed, here to what was not.
public enum CCT: VisionFamily {
    public static let modelTypes = ["cct"]
    public static let architectures = ["CCTModel", "CCTForImageClassification"]
    static func backbone(of architecture: String) -> String { "" }
    static func names(_ fields: ConfigurationFields) -> CheckpointMap { .identity }
    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)? { nil }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        guard architecture == architectures[1] else { return nil }
        return try classes(of: .attentive(QueryPooling(size, key: .blank)), size, fields)
    }

    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder {
        let size = try fields.size("hidden_size")
        let sizes = PreNormSizes(
            modelSize: size, headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"), activation: try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-5)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: false))
        let (kernel, narrow) = (try fields.size("kernel_size", default: 3), try fields.integers("convolution_sizes"))
        guard kernel % 2 == 1, kernel <= 31 else {
            throw ConfigurationError("kernel_size", expected: "odd and at most 31", found: "\(kernel)")
        }
        guard narrow.count < 8, narrow.allSatisfy({ 1...4096 ~= $0 }) else {
            throw ConfigurationError("convolution_sizes", expected: "up to 7 numbers up to 4096", found: "\(narrow)")
        }
        let channels = [try fields.size("num_channels", default: 3)] + narrow + [size]
        return CompactTransformer(
            imageSize: try fields.imageSize("image_size"),
            convolutions: zip(channels, channels.dropFirst()).map { from, to in
                Convolution2D(
                    from, to, size: (kernel, kernel), hasBias: false, padding: (kernel / 2, kernel / 2), key: .blank)
            },
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
            norm: sizes.norm(), dropout: sizes.dropout)
    }
}
