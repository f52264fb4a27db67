import AttentionLayers
import AttentionTensors

/// The audio spectrogram transformer (Gong, Chung & Glass 2021).
public enum AST: ModelFamily {
    public static let modelTypes = ["audio-spectrogram-transformer"]
    public static let architectures = ["ASTModel", "ASTForAudioClassification"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        try model(architecture, fields).loaded(from: checkpoint, names, backbone: backbone, unused: ["classifier.*"])
    }

    /// A model of this architecture without its numbers.
    static func model(_ architecture: String, _ fields: ConfigurationFields) throws -> SpectrogramModel {
        let encoder = try encoder(fields)
        guard architecture == "ASTForAudioClassification" else {
            return SpectrogramModel(encoder: encoder, head: .features)
        }
        let labels = try fields.labels()
        return SpectrogramModel(
            encoder: encoder,
            head: .classes(
                LayerNorm(encoder.modelSize, epsilon: encoder.norm.epsilon),
                Linear(encoder.modelSize, labels.count, key: .blank), labels: labels))
    }

    /// What the names of a model with a head begin with where the head is none of it.
    static let backbone = "audio_spectrogram_transformer"

    static let names: CheckpointMap = [
        "encoder.patches": ".embeddings.patch_embeddings.projection",
        "encoder.tokens.0": ".embeddings.cls_token",
        "encoder.tokens.1": ".embeddings.distillation_token",
        "encoder.positions": ".embeddings.position_embeddings",
        "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.attention.query",
        "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.attention.key",
        "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.attention.value",
        "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
        "encoder.layers.*.self_attention_norm": ".encoder.layer.*.layernorm_before",
        "encoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
        "encoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
        "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.layernorm_after",
        "encoder.norm": ".layernorm",
        "head.norm": "classifier.layernorm",
        "head.output": "classifier.dense",
    ]

    /// The encoder without its numbers.
    private static func encoder(_ fields: ConfigurationFields) throws -> SpectrogramTransformer {
        let size = try fields.size("hidden_size")
        let sizes = PreNormSizes(
            modelSize: size, headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"), activation: try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-12)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: true))
        let (bands, moments) = (
            try fields.size("num_mel_bins", default: 128), try fields.size("max_length", default: 1024)
        )
        let patch = try fields.size("patch_size", default: 16)
        let strides = (
            rows: try fields.size("frequency_stride", default: 10), columns: try fields.size("time_stride", default: 10)
        )
        guard patch <= min(bands, moments) else {
            throw ConfigurationError(
                "patch_size", expected: "at most \(min(bands, moments))", found: "\(patch)")
        }
        let count = ((bands - patch) / strides.rows + 1) * ((moments - patch) / strides.columns + 1)
        return SpectrogramTransformer(
            patches: Convolution2D(1, size, size: (patch, patch), stride: strides, key: .blank),
            tokens: (0..<2).map { _ in Parameter(.zeros([1, 1, size])) },
            positions: Parameter(.zeros([1, count + 2, size])),
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
            norm: sizes.norm(), size: ImageSize(height: moments, width: bands), dropout: sizes.dropout)
    }
}
