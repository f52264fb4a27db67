import AttentionTensors

/// DistilBERT (Sanh et al. 2019): half of BERT's layers, one text, no pooler.
public enum DistilBert: PostNormFamily {
    public static let modelTypes = ["distilbert"]
    public static let classNames = ["DistilBert"]
    public static let backbone = "distilbert"
    public static let prunedForm: PrunedForm? = PrunedForm(feedForwardSize: "hidden_dim")

    public static let names: CheckpointMap = [
        "encoder.embeddings.words": ".embeddings.word_embeddings",
        "encoder.embeddings.positions": ".embeddings.position_embeddings",
        "encoder.embeddings.norm": ".embeddings.LayerNorm",
        "encoder.layers.*.self_attention.query": ".transformer.layer.*.attention.q_lin",
        "encoder.layers.*.self_attention.key": ".transformer.layer.*.attention.k_lin",
        "encoder.layers.*.self_attention.value": ".transformer.layer.*.attention.v_lin",
        "encoder.layers.*.self_attention.output": ".transformer.layer.*.attention.out_lin",
        "encoder.layers.*.self_attention_norm": ".transformer.layer.*.sa_layer_norm",
        "encoder.layers.*.feed_forward.up": ".transformer.layer.*.ffn.lin1",
        "encoder.layers.*.feed_forward.down": ".transformer.layer.*.ffn.lin2",
        "encoder.layers.*.feed_forward_norm": ".transformer.layer.*.output_layer_norm",
    ]

    static func sizes(_ fields: ConfigurationFields) throws(ConfigurationError) -> PostNormEncoder {
        PostNormEncoder(
            vocabularySize: try fields.size("vocab_size"), modelSize: try fields.size("dim"),
            layerCount: try fields.layerCount("n_layers"), headCount: try fields.size("n_heads"),
            feedForwardSize: try fields.size("hidden_dim"), activation: try fields.activation("activation"),
            epsilon: 1e-12, dropout: try fields.probability("dropout", default: 0.1),
            attentionDropout: try fields.probability("attention_dropout", default: 0.1),
            positionCount: try fields.size("max_position_embeddings"), typeCount: 0,
            embeddingSize: try fields.size("dim"))
    }

    static var words: (activation: Activation?, names: CheckpointMap) {
        (
            nil,
            [
                "head.hidden": "vocab_transform",
                "head.norm": "vocab_layer_norm",
                "head.output": "vocab_projector.weight",
                "head.bias": "vocab_projector.bias",
            ]
        )
    }

    static var classes: (activation: Activation, names: CheckpointMap) {
        (.relu, ["head.hidden": "pre_classifier", "head.output": "classifier"])
    }
}
