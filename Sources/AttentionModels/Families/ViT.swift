import AttentionLayers
import AttentionTensors

/// The vision transformer (Dosovitskiy et al. 2021).
public enum ViT: ViTFamily {
    public static let modelTypes = ["vit"]
    public static let architectures = ["ViTModel", "ViTForImageClassification"]
    static func backbone(of architecture: String) -> String { "vit" }
    static let tokenNames = ["cls_token"]

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        architecture == "ViTForImageClassification" ? try classes(of: .first, size, fields) : nil
    }
}

/// The same, taught by a second vector what another network says (Touvron et al. 2021, *Training data-efficient image transformers*).
public enum DeiT: ViTFamily {
    public static let modelTypes = ["deit"]
    public static let architectures = [
        "DeiTModel", "DeiTForImageClassification", "DeiTForImageClassificationWithTeacher",
    ]
    static func backbone(of architecture: String) -> String { "deit" }
    static let tokenNames = ["cls_token", "distillation_token"]

    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)? {
        switch architecture {
        case architectures[0]: return nil
        case architectures[1]: return try classes(of: .first, size, fields)
        default:
            let labels = try fields.labels()
            func output() -> Linear { Linear(size, labels.count, key: .blank) }
            return (
                .taughtClasses(output(), taught: output(), labels: labels),
                ["head.output": "cls_classifier", "head.taught": "distillation_classifier"]
            )
        }
    }
}
