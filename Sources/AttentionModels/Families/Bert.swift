import AttentionTensors

/// BERT (Devlin et al. 2019), and what has its form: all-MiniLM-L6-v2.
public enum Bert: EncoderFamily {
    public static let modelTypes = ["bert"]
    public static let classNames = ["Bert"]
    public static let backbone = "bert"
    public static let names = CheckpointMap.bert
    public static let unused: [String] = []

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder {
        try PostNormEncoder(fields).encoder()
    }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        let sizes = try PostNormEncoder(fields)
        switch task {
        case .maskedTokens:
            return (
                try sizes.maskedTokenHead(fields),
                [
                    "head.hidden": "cls.predictions.transform.dense",
                    "head.norm": "cls.predictions.transform.LayerNorm",
                    "head.output": "cls.predictions.decoder.weight",
                    "head.bias": "cls.predictions.bias",
                ]
            )
        case .sequences:
            return (
                .sequences(SequenceHead(sizes.modelSize, activation: .tanh, labels: try fields.labels())),
                ["head.hidden": ".pooler.dense", "head.output": "classifier"]
            )
        case .features, .tokens, .spans, .pretraining:
            return try plainHead(task, fields, modelSize: sizes.modelSize)
        }
    }
}
