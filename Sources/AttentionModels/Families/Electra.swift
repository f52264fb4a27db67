import AttentionLayers
import AttentionTensors

/// ELECTRA (Clark et al. 2020): BERT with narrow embeddings, without a pooler, trained to find replaced words.
public enum Electra: PostNormFamily {
    public static let modelTypes = ["electra"]
    public static let classNames = ["Electra"]
    public static let backbone = "electra"
    public static let prunedForm: PrunedForm? = PrunedForm(feedForwardSize: "intermediate_size")
    public static let names = CheckpointMap.bert

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        var sizes = try PostNormEncoder(fields)
        sizes.embeddingSize = try fields.size("embedding_size", default: 128)
        return sizes
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (
            .gelu,
            [
                "head.hidden": "generator_predictions.dense",
                "head.norm": "generator_predictions.LayerNorm",
                "head.output": "generator_lm_head.weight",
                "head.bias": "generator_lm_head.bias",
            ]
        )
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.gelu, .robertaClasses)
    }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        guard task == .pretraining else { return try commonHead(task, fields) }
        let sizes = try sizes(fields)
        let head = ReplacedTokenHead(
            hidden: Linear(sizes.modelSize, sizes.modelSize, key: .blank), activation: sizes.activation,
            output: Linear(sizes.modelSize, 1, key: .blank))
        return (
            .replacedTokens(head),
            [
                "head.hidden": "discriminator_predictions.dense",
                "head.output": "discriminator_predictions.dense_prediction",
            ]
        )
    }
}
