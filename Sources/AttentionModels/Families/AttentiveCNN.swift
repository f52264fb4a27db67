import AttentionFiles
import AttentionLayers
import AttentionTensors

/// Small convolutional networks with attention in their blocks: nothing, squeeze-and-excitation, spatial attention or CBAM. They are at home here;
/// transformers does not know them.
public enum AttentiveCNN: VisionFamily {
    public static let modelTypes = ["attentive-cnn"]
    public static let architectures = ["AttentiveCNNModel", "AttentiveCNNForImageClassification"]
    static func backbone(of architecture: String) -> String { "" }
    static func names(_ fields: ConfigurationFields) -> CheckpointMap { .identity }
    static func pooling(_ size: Int, _ checkpoint: Checkpoint) -> (ImagePooling, CheckpointMap)? { nil }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        architecture == architectures[1] ? try classes(of: .mean, size, fields) : nil
    }

    static func encoder(_ fields: ConfigurationFields) throws -> any ImageEncoder {
        let sizes = try fields.integers("hidden_sizes")
        guard 1...8 ~= sizes.count, sizes.allSatisfy({ 1...4096 ~= $0 && ($0 < 8 || $0 % 8 == 0) }) else {
            throw ConfigurationError(
                "hidden_sizes", expected: "1 to 8 multiples of 8 up to 4096, or less than 8", found: "\(sizes)")
        }
        let name = try fields.string("attention", default: BlockAttention.Kind.none.rawValue)
        guard let kind = BlockAttention.Kind(rawValue: name) else {
            throw ConfigurationError(
                "attention",
                expected: "one of \(BlockAttention.Kind.allCases.map(\.rawValue).joined(separator: ", "))", found: name)
        }
        let (reduction, kernel) = (
            try fields.size("reduction", default: 4), try fields.size("kernel_size", default: 7)
        )
        guard kernel % 2 == 1, kernel <= 31 else {
            throw ConfigurationError("kernel_size", expected: "odd and at most 31", found: "\(kernel)")
        }
        return AttentiveNetwork(
            channelCount: try fields.size("num_channels", default: 3), sizes: sizes, attention: kind,
            reduction: reduction, kernelSize: kernel)
    }
}
