import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The Swin Transformer (Liu et al. 2021).
public enum Swin: VisionFamily {
    public static let modelTypes = ["swin"]
    public static let architectures = ["SwinModel", "SwinForImageClassification"]
    static func backbone(of architecture: String) -> String { "swin" }

    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder {
        let size = try fields.size("embed_dim", default: 96)
        let (depths, heads) = (try fields.integers("depths"), try fields.integers("num_heads"))
        guard depths.count == heads.count, 1...16 ~= depths.count, (depths + heads).allSatisfy({ 1...4096 ~= $0 })
        else {
            throw ConfigurationError(
                "depths", expected: "as many numbers of layers as num_heads, of 1 to 16 stages",
                found: "\(depths) and \(heads)")
        }
        let window = try fields.size("window_size", default: 7)
        try ConfigurationError.require("window_size", window, in: 1...256)
        let stages = try depths.indices.map { index in
            let sizes = try sizes(fields, size << index, heads[index])
            return SwinTransformer.Stage(
                layers: try (0..<depths[index]).map {
                    SwinLayer(try sizes.layer(), window: window, shift: $0 % 2 == 0 ? 0 : window / 2)
                },
                merging: index == depths.count - 1
                    ? nil : PatchMerging(sizes.modelSize, epsilon: sizes.epsilon))
        }
        let (first, last) = (try sizes(fields, size, heads[0]), try sizes(fields, size << (depths.count - 1), 1))
        let hasPositions = try fields.flag("use_absolute_embeddings", default: false)
        var embeddings = try PatchEmbeddings(
            fields, size, tokens: [], otherSizes: hasPositions ? .refused : .interpolated(.sampled),
            dropout: first.dropout)
        embeddings.patchNorm = first.norm()
        if !hasPositions { embeddings.positions = nil }
        return SwinTransformer(embeddings: embeddings, stages: stages, norm: last.norm())
    }

    private static func sizes(_ fields: ConfigurationFields, _ size: Int, _ heads: Int) throws -> PreNormSizes {
        let ratio = try fields.number("mlp_ratio", default: 4)
        guard ratio > 0, ratio * Double(size) >= 1, ratio <= 64 else {
            throw ConfigurationError("mlp_ratio", expected: "a number above 0 and at most 64", found: "\(ratio)")
        }
        return PreNormSizes(
            modelSize: size, headCount: heads, feedForwardSize: Int(ratio * Double(size)),
            activation: try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-5)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: true))
    }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        architecture == "SwinForImageClassification" ? try classes(of: .mean, size, fields) : nil
    }

    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)? { (.mean, [:]) }

    static func names(_ fields: ConfigurationFields) -> CheckpointMap {
        [
            "encoder.embeddings.projection": ".embeddings.patch_embeddings.projection",
            "encoder.embeddings.positions": ".embeddings.position_embeddings",
            "encoder.embeddings.patch_norm": ".embeddings.norm",
            "encoder.stages.*.layers.*.self_attention.query": ".encoder.layers.*.blocks.*.attention.self.query",
            "encoder.stages.*.layers.*.self_attention.key": ".encoder.layers.*.blocks.*.attention.self.key",
            "encoder.stages.*.layers.*.self_attention.value": ".encoder.layers.*.blocks.*.attention.self.value",
            "encoder.stages.*.layers.*.self_attention.output": ".encoder.layers.*.blocks.*.attention.output.dense",
            "encoder.stages.*.layers.*.self_attention.mechanism.modifiers.0.relative_table":
                ".encoder.layers.*.blocks.*.attention.self.relative_position_bias_table",
            "encoder.stages.*.layers.*.self_attention_norm": ".encoder.layers.*.blocks.*.layernorm_before",
            "encoder.stages.*.layers.*.feed_forward.up": ".encoder.layers.*.blocks.*.intermediate.dense",
            "encoder.stages.*.layers.*.feed_forward.down": ".encoder.layers.*.blocks.*.output.dense",
            "encoder.stages.*.layers.*.feed_forward_norm": ".encoder.layers.*.blocks.*.layernorm_after",
            "encoder.stages.*.merging": ".encoder.layers.*.downsample",
            "encoder.norm": ".layernorm",
        ]
    }
}
