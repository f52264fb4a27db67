import AttentionLayers
import AttentionTensors

/// DINOv2 (Oquab et al. 2023), a vision transformer that learnt without labels and reads pictures of any size; with registers (Darcet et al.
/// 2024), vectors that hold what belongs to no patch.
public enum DINOv2: VisionFamily {
    public static let modelTypes = ["dinov2", "dinov2_with_registers"]
    public static let architectures = ["Dinov2", "Dinov2WithRegisters"].flatMap {
        [$0 + "Model", $0 + "ForImageClassification"]
    }

    static func backbone(of architecture: String) -> String {
        architecture.hasPrefix("Dinov2With") ? modelTypes[1] : modelTypes[0]
    }

    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder {
        let size = try fields.size("hidden_size")
        let (isGated, hiddenSize) = (try isGated(fields), size * (try fields.size("mlp_ratio", default: 4)))
        let sizes = PreNormSizes(
            modelSize: size, headCount: try fields.size("num_attention_heads"),
            // Two thirds, since there are two of them, up to a multiple of 8.
            feedForwardSize: isGated ? (hiddenSize * 2 / 3 + 7) / 8 * 8 : hiddenSize,
            activation: isGated ? .silu : try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-6)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: true), hasLayerScale: true, isGated: isGated)
        let hasRegisters = try hasRegisters(fields)
        var embeddings = try PatchEmbeddings(
            fields, size, tokens: [[1, 1, size]], otherSizes: .interpolated(hasRegisters ? .filtered : .sampled),
            dropout: sizes.dropout)
        let registerCount = try registerCount(fields)
        if registerCount > 0 { embeddings.registers = Parameter(.zeros([1, registerCount, size])) }
        return VisionTransformer(
            embeddings: embeddings,
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
            norm: sizes.norm())
    }

    private static func registerCount(_ fields: ConfigurationFields) throws -> Int {
        let count = try fields.integer("num_register_tokens", default: hasRegisters(fields) ? 4 : 0)
        try ConfigurationError.require("num_register_tokens", count, in: 0...4096)
        return count
    }

    private static func hasRegisters(_ fields: ConfigurationFields) throws -> Bool {
        try fields.string("model_type") == modelTypes[1]
    }

    private static func isGated(_ fields: ConfigurationFields) throws -> Bool {
        try fields.flag("use_swiglu_ffn", default: false)
    }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        guard architecture.hasSuffix("ForImageClassification") else { return nil }
        return try classes(of: .firstAndMean(from: 1 + registerCount(fields)), size, fields)
    }

    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)? { (.first, [:]) }

    static func names(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let feedForward: CheckpointMap =
            try isGated(fields)
            ? [
                "encoder.layers.*.feed_forward.gate": .rows(".encoder.layer.*.mlp.weights_in", 0, of: 2),
                "encoder.layers.*.feed_forward.up": .rows(".encoder.layer.*.mlp.weights_in", 1, of: 2),
                "encoder.layers.*.feed_forward.down": ".encoder.layer.*.mlp.weights_out",
            ]
            : [
                "encoder.layers.*.feed_forward.up": ".encoder.layer.*.mlp.fc1",
                "encoder.layers.*.feed_forward.down": ".encoder.layer.*.mlp.fc2",
            ]
        return feedForward + [
            "encoder.embeddings.tokens.0": ".embeddings.cls_token",
            "encoder.embeddings.registers": ".embeddings.register_tokens",
            "encoder.embeddings.projection": ".embeddings.patch_embeddings.projection",
            "encoder.embeddings.positions": ".embeddings.position_embeddings",
            "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.attention.query",
            "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.attention.key",
            "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.attention.value",
            "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
            "encoder.layers.*.self_attention_norm.branch.weight": ".encoder.layer.*.layer_scale1.lambda1",
            "encoder.layers.*.self_attention_norm": ".encoder.layer.*.norm1",
            "encoder.layers.*.feed_forward_norm.branch.weight": ".encoder.layer.*.layer_scale2.lambda1",
            "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.norm2",
            "encoder.norm": ".layernorm",
        ]
    }
}
