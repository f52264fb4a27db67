import AttentionLayers
import AttentionTensors

/// ELECTRA (Clark et al. 2020): BERT with narrow embeddings, without a pooler, trained to find replaced words.
public enum Electra: EncoderFamily {
    public static let modelTypes = ["electra"]
    public static let classNames = ["Electra"]
    public static let backbone = "electra"
    public static let names = CheckpointMap.bert
    public static let unused: [String] = []

    private static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        var sizes = try PostNormEncoder(fields)
        sizes.embeddingSize = try fields.size("embedding_size", default: 128)
        return sizes
    }

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder { try sizes(fields).encoder() }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        let sizes = try sizes(fields)
        switch task {
        case .maskedTokens:
            return (
                try sizes.maskedTokenHead(fields, activation: .gelu),
                [
                    "head.hidden": "generator_predictions.dense",
                    "head.norm": "generator_predictions.LayerNorm",
                    "head.output": "generator_lm_head.weight",
                    "head.bias": "generator_lm_head.bias",
                ]
            )
        case .sequences:
            return (
                .sequences(SequenceHead(sizes.modelSize, activation: .gelu, labels: try fields.labels())),
                .robertaClasses
            )
        case .pretraining:
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
        case .features, .tokens, .spans: return try plainHead(task, fields, modelSize: sizes.modelSize)
        }
    }
}
