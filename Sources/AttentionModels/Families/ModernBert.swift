import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// ModernBERT (Warner et al. 2024): rotary positions, gated feed-forward layers, norms before the branches, and layers that look only at
/// neighbours between those that look everywhere.
public enum ModernBert: EncoderFamily {
    public static let modelTypes = ["modernbert"]
    public static let classNames = ["ModernBert"]
    public static let backbone = "model"
    public static let unused = ["decoder.*", "head.*"]

    public static let names: CheckpointMap = [
        "encoder.embeddings.words": ".embeddings.tok_embeddings",
        "encoder.embeddings.norm": ".embeddings.norm",
        "encoder.layers.*.self_attention.query": .rows(".layers.*.attn.Wqkv", 0, of: 3),
        "encoder.layers.*.self_attention.key": .rows(".layers.*.attn.Wqkv", 1, of: 3),
        "encoder.layers.*.self_attention.value": .rows(".layers.*.attn.Wqkv", 2, of: 3),
        "encoder.layers.*.self_attention.output": ".layers.*.attn.Wo",
        "encoder.layers.*.self_attention_norm": ".layers.*.attn_norm",
        "encoder.layers.*.feed_forward.gate": .rows(".layers.*.mlp.Wi", 0, of: 2),
        "encoder.layers.*.feed_forward.up": .rows(".layers.*.mlp.Wi", 1, of: 2),
        "encoder.layers.*.feed_forward.down": ".layers.*.mlp.Wo",
        "encoder.layers.*.feed_forward_norm": ".layers.*.mlp_norm",
        "encoder.norm": ".final_norm",
    ]

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder {
        let size = try fields.size("hidden_size")
        let norm = try norm(fields, size)
        return BidirectionalEncoder(
            embeddings: TokenEmbeddings(
                words: Embedding(try fields.size("vocab_size"), size, key: .blank), positions: nil, types: nil,
                norm: norm, dropout: try fields.probability("embedding_dropout")),
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { try layer($0, fields) }, norm: norm)
    }

    private static func norm(_ fields: ConfigurationFields, _ size: Int) throws(ConfigurationError) -> LayerNorm {
        LayerNorm(
            size, hasBias: try fields.flag("norm_bias", default: false),
            epsilon: Float(try fields.number("norm_eps", default: 1e-5)))
    }

    private static func layer(_ index: Int, _ fields: ConfigurationFields) throws -> TransformerEncoderLayer {
        let (size, heads) = (try fields.size("hidden_size"), try fields.size("num_attention_heads"))
        try ConfigurationError.require("hidden_size", size, ofHeads: heads)
        func map(_ inputs: Int, _ outputs: Int, _ bias: String) throws(ConfigurationError) -> Linear {
            Linear(inputs, outputs, hasBias: try fields.flag(bias, default: false), key: .blank)
        }
        func projection() throws(ConfigurationError) -> Linear { try map(size, size, "attention_bias") }
        let inner = try fields.size("intermediate_size")
        let norm = try norm(fields, size)
        let dropout = try fields.probability("mlp_dropout")
        return TransformerEncoderLayer(
            selfAttention: try MultiHeadAttention(
                query: try projection(), key: try projection(), value: try projection(), output: try projection(),
                mechanism: try mechanism(index, fields, headSize: size / heads), headCount: heads, keyHeadCount: heads),
            // The embeddings' norm stands before the first layer already.
            selfAttentionResidual: Residual(norm: index == 0 ? nil : norm, order: .pre, dropout: dropout),
            feedForward: FeedForward(
                up: try map(size, inner, "mlp_bias"), gate: try map(size, inner, "mlp_bias"),
                down: try map(inner, size, "mlp_bias"), activation: try fields.activation("hidden_activation")),
            feedForwardResidual: Residual(norm: norm, order: .pre, dropout: dropout))
    }

    private static func mechanism(
        _ index: Int, _ fields: ConfigurationFields, headSize: Int
    ) throws -> AttentionMechanism {
        let kinds = try fields.strings("layer_types")
        let every = try fields.size("global_attn_every_n_layers", default: 3)
        let isGlobal = kinds.indices.contains(index) ? kinds[index] == "full_attention" : index % every == 0
        let kind = try fields.part("rope_parameters")?.part(isGlobal ? "full_attention" : "sliding_attention")
        let base =
            try kind?.number("rope_theta")
            ?? (isGlobal
                ? fields.number("global_rope_theta", default: 160_000)
                : fields.number("local_rope_theta", default: 10_000))
        let dropout = try fields.probability("attention_dropout")
        let rotation = try RotaryModifier.rope(rotarySize: headSize, base: base)
        guard !isGlobal else { return AttentionMechanism(modifiers: [rotation], dropout: dropout) }
        let reach = try fields.size("local_attention", default: 128) / 2
        return AttentionMechanism(
            modifiers: [rotation], scope: .slidingWindow(left: reach, right: reach), dropout: dropout)
    }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        let size = try fields.size("hidden_size")
        let activation = try fields.activation("classifier_activation")
        let hidden = Linear(size, size, hasBias: try fields.flag("classifier_bias", default: false), key: .blank)
        let norm = try norm(fields, size)
        let places: CheckpointMap = [
            "head.hidden": "head.dense", "head.norm": "head.norm", "head.output": "classifier",
        ]
        switch task {
        case .maskedTokens:
            let vocabularySize = try fields.size("vocab_size")
            let hasBias = try fields.flag("decoder_bias", default: true)
            let isTied = try fields.flag("tie_word_embeddings", default: true)
            let head = MaskedTokenHead(
                hidden: hidden, activation: activation, norm: norm,
                output: isTied ? nil : Parameter(.zeros([vocabularySize, size])),
                bias: hasBias ? Parameter(.zeros([vocabularySize])) : nil)
            return (
                .maskedTokens(head), ["head.output": "decoder.weight", "head.bias": "decoder.bias"] + places
            )
        case .sequences:
            let labels = try fields.labels()
            let pooling = try fields.string("classifier_pooling", default: "cls")
            guard let pooling = SequenceHead.Pooling(rawValue: pooling) else {
                throw ConfigurationError("classifier_pooling", expected: "cls or mean", found: pooling)
            }
            let head = SequenceHead(
                pooling: pooling, hidden: hidden, activation: activation, norm: norm,
                output: Linear(size, labels.count, key: .blank), labels: labels)
            return (.sequences(head), places)
        case .tokens, .spans:
            let labels = task == .spans ? ["start", "end"] : try fields.labels()
            let head = TokenHead(
                hidden: hidden, activation: activation, norm: norm,
                output: Linear(size, labels.count, key: .blank), labels: labels)
            return (task == .spans ? .spans(head) : .tokens(head), places)
        case .features, .pretraining: return nil
        }
    }
}
