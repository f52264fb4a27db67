import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The vision transformer (Dosovitskiy et al. 2021).
public enum ViT: VisionFamily {
    public static let modelTypes = ["vit"]
    public static let className = "ViT"
    public static let backbone = "vit"
    static let tokenNames = ["cls_token"]

    public static var architectures: [String] { ["ViTModel", "ViTForImageClassification"] }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        guard architecture == "ViTForImageClassification" else { return nil }
        let labels = try fields.labels()
        return (
            .classes(Linear(size, labels.count, key: .blank), labels: labels), ["head.output": "classifier"]
        )
    }
}

/// The same, taught by a second vector what another network says (Touvron et al. 2021, *Training data-efficient image transformers*).
public enum DeiT: VisionFamily {
    public static let modelTypes = ["deit"]
    public static let className = "DeiT"
    public static let backbone = "deit"
    static let tokenNames = ["cls_token", "distillation_token"]
    private static let taught = "DeiTForImageClassificationWithTeacher"

    public static var architectures: [String] { ["DeiTModel", "DeiTForImageClassification", taught] }

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        guard architecture != "DeiTModel" else { return nil }
        let labels = try fields.labels()
        func output() -> Linear { Linear(size, labels.count, key: .blank) }
        guard architecture == taught else {
            return (.classes(output(), labels: labels), ["head.output": "classifier"])
        }
        return (
            .taughtClasses(output(), taught: output(), labels: labels),
            ["head.output": "cls_classifier", "head.taught": "distillation_classifier"]
        )
    }
}
