import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// DeBERTa v2 and v3 (He et al. 2021, 2023): content and position are compared apart from each other.
public enum DebertaV2: EncoderFamily {
    public static let modelTypes = ["deberta-v2"]
    public static let classNames = ["DebertaV2"]
    public static let backbone = "deberta"
    public static let unused = ["deberta.embeddings.word_embeddings._weight"]

    public static let names: CheckpointMap =
        [
            "encoder.relative.weight": ".encoder.rel_embeddings.weight",
            "encoder.relative_norm": ".encoder.LayerNorm",
            "encoder.convolution.norm": ".encoder.conv.LayerNorm",
            "encoder.convolution": ".encoder.conv.conv",
            "encoder.embeddings.projection": ".embeddings.embed_proj",
            "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.self.query_proj",
            "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.self.key_proj",
            "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.self.value_proj",
            "encoder.position_keys.*": ".encoder.layer.*.attention.self.pos_key_proj",
            "encoder.position_queries.*": ".encoder.layer.*.attention.self.pos_query_proj",
        ] + .bert

    public static func encoder(_ fields: ConfigurationFields) throws -> any TextEncoder {
        var sizes = try PostNormEncoder(fields)
        sizes.typeCount = try fields.integer("type_vocab_size", default: 0)
        sizes.embeddingSize = try fields.size("embedding_size", default: sizes.modelSize)
        var encoder = try sizes.encoder()
        if try !fields.flag("position_biased_input", default: true) { encoder.embeddings.positions = nil }
        return DisentangledEncoder(
            embeddings: encoder.embeddings, layers: encoder.layers, positions: try positions(fields, sizes),
            convolution: try convolution(fields, sizes))
    }

    private static func positions(
        _ fields: ConfigurationFields, _ sizes: PostNormEncoder
    ) throws -> DisentangledEncoder.RelativePositions? {
        guard try fields.flag("relative_attention", default: false) else { return nil }
        let given = try fields.integer("max_relative_positions", default: -1)
        let maximum = given < 1 ? sizes.positionCount : given
        let buckets = try fields.integer("position_buckets", default: -1)
        let kinds = try fields.strings("pos_att_type").flatMap { $0.split(separator: "|").map(String.init) }
        let isShared = try fields.flag("share_att_key", default: false)
        func maps(_ kind: String) -> [Linear] {
            guard !isShared, kinds.contains(kind) else { return [] }
            return (0..<sizes.layerCount).map { _ in Linear(sizes.modelSize, sizes.modelSize, key: .blank) }
        }
        let norms = try fields.string("norm_rel_ebd", default: "none").split(separator: "|")
        let side = buckets > 0 ? buckets : maximum
        return DisentangledEncoder.RelativePositions(
            weight: Parameter(.zeros([2 * side, sizes.modelSize])),
            norm: norms.contains("layer_norm") ? LayerNorm(sizes.modelSize, epsilon: sizes.epsilon) : nil,
            keys: maps("c2p"), queries: maps("p2c"), hasKeys: kinds.contains("c2p"), hasQueries: kinds.contains("p2c"),
            distances: buckets > 0 ? .logarithmic(maximum: maximum) : .clamped)
    }

    private static func convolution(
        _ fields: ConfigurationFields, _ sizes: PostNormEncoder
    ) throws -> DisentangledEncoder.Convolution? {
        let width = try fields.integer("conv_kernel_size", default: 0)
        guard width > 0 else { return nil }
        guard width % 2 == 1, try fields.integer("conv_groups", default: 1) == 1 else {
            throw ConfigurationError("conv_kernel_size", expected: "an odd size, in one group", found: "\(width)")
        }
        return DisentangledEncoder.Convolution(
            weight: Parameter(.zeros([sizes.modelSize, sizes.modelSize, width])),
            bias: Parameter(.zeros([sizes.modelSize])), activation: try fields.activation("conv_act", default: "tanh"),
            norm: LayerNorm(sizes.modelSize, epsilon: sizes.epsilon))
    }

    public static func head(
        _ task: EncoderTask, _ fields: ConfigurationFields
    ) throws -> (EncoderHead, CheckpointMap)? {
        let sizes = try PostNormEncoder(fields)
        switch task {
        case .maskedTokens:
            let isLegacy = try fields.flag("legacy", default: true)
            return (
                try sizes.maskedTokenHead(fields),
                isLegacy
                    ? [
                        "head.hidden": "cls.predictions.transform.dense",
                        "head.norm": "cls.predictions.transform.LayerNorm",
                        "head.output": "cls.predictions.decoder.weight",
                        "head.bias": "cls.predictions.bias",
                    ]
                    : [
                        "head.hidden": "lm_predictions.lm_head.dense",
                        "head.norm": "lm_predictions.lm_head.LayerNorm",
                        "head.bias": "lm_predictions.lm_head.bias",
                    ]
            )
        case .sequences:
            let activation = try fields.activation("pooler_hidden_act")
            return (
                .sequences(SequenceHead(sizes.modelSize, activation: activation, labels: try fields.labels())),
                ["head.hidden": "pooler.dense", "head.output": "classifier"]
            )
        case .features, .tokens, .spans, .pretraining:
            return try plainHead(task, fields, modelSize: sizes.modelSize)
        }
    }
}
