import AttentionTensors

/// BERT (Devlin et al. 2019), and what has its form: all-MiniLM-L6-v2.
public enum Bert: PostNormFamily {
    public static let modelTypes = ["bert"]
    public static let classNames = ["Bert"]
    public static let backbone = "bert"
    public static let prunedForm: PrunedForm? = PrunedForm(feedForwardSize: "intermediate_size")
    public static let names = CheckpointMap.bert

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        try PostNormEncoder(fields)
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (
            nil,
            [
                "head.hidden": "cls.predictions.transform.dense",
                "head.norm": "cls.predictions.transform.LayerNorm",
                "head.output": "cls.predictions.decoder.weight",
                "head.bias": "cls.predictions.bias",
            ]
        )
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.tanh, ["head.hidden": ".pooler.dense", "head.output": "classifier"])
    }
}
