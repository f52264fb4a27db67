import AttentionTensors

/// RoBERTa (Liu et al. 2019), XLM-RoBERTa (Conneau et al. 2020) and CamemBERT (Martin et al. 2020): BERT with positions that count from behind
/// the padding's id, without a second text's type.
public enum Roberta: PostNormFamily {
    public static let modelTypes = ["roberta", "xlm-roberta", "camembert"]
    public static let classNames = ["Roberta", "XLMRoberta", "Camembert"]
    public static let backbone = "roberta"
    public static let prunedForm: PrunedForm? = PrunedForm(feedForwardSize: "intermediate_size")
    public static let names = CheckpointMap.bert

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        var sizes = try PostNormEncoder(fields)
        let padding = try fields.integer("pad_token_id", default: 1)
        try ConfigurationError.require("pad_token_id", padding, in: 0...sizes.positionCount - 2)
        sizes.counting = .skipping(padding: padding)
        return sizes
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (.gelu, .robertaWords)
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.tanh, .robertaClasses)
    }
}

extension CheckpointMap {
    /// RoBERTa's names of the head for masked words.
    static let robertaWords: CheckpointMap = [
        "head.hidden": "lm_head.dense",
        "head.norm": "lm_head.layer_norm",
        "head.output": "lm_head.decoder.weight",
        "head.bias": "lm_head.bias",
    ]

    /// RoBERTa's names of the head for classes of texts.
    static let robertaClasses: CheckpointMap = [
        "head.hidden": "classifier.dense", "head.output": "classifier.out_proj",
    ]
}
