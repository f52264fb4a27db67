public import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// T5 (Raffel et al. 2020), with its later forms T5 v1.1, Flan-T5 and mT5: every task is text to text. Positions are told apart by a bias of
/// scores that all layers of a side share, scores are not scaled, norms have no mean.
public enum T5: EncoderDecoderFamily {
    public static let modelTypes = ["t5", "mt5"]
    public static let className = "T5"
    public static let backbone = ""
    public static let unused = ["decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"]

    public static var architectures: [String] {
        ["T5Model", "T5ForConditionalGeneration", "T5EncoderModel"]
            + ["MT5Model", "MT5ForConditionalGeneration", "MT5EncoderModel"]
    }

    public static let names: CheckpointMap = [
        "encoder.embeddings.words": "shared",
        "encoder.distance_bias.relative_bias": "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        "encoder.layers.*.self_attention.query": "encoder.block.*.layer.0.SelfAttention.q",
        "encoder.layers.*.self_attention.key": "encoder.block.*.layer.0.SelfAttention.k",
        "encoder.layers.*.self_attention.value": "encoder.block.*.layer.0.SelfAttention.v",
        "encoder.layers.*.self_attention.output": "encoder.block.*.layer.0.SelfAttention.o",
        "encoder.layers.*.self_attention_norm": "encoder.block.*.layer.0.layer_norm",
        "encoder.layers.*.feed_forward.up": "encoder.block.*.layer.1.DenseReluDense.wi",
        "encoder.layers.*.feed_forward.down": "encoder.block.*.layer.1.DenseReluDense.wo",
        "encoder.layers.*.feed_forward_norm": "encoder.block.*.layer.1.layer_norm",
        "encoder.norm": "encoder.final_layer_norm",
        "decoder.distance_bias.relative_bias": "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        "decoder.layers.*.self_attention.query": "decoder.block.*.layer.0.SelfAttention.q",
        "decoder.layers.*.self_attention.key": "decoder.block.*.layer.0.SelfAttention.k",
        "decoder.layers.*.self_attention.value": "decoder.block.*.layer.0.SelfAttention.v",
        "decoder.layers.*.self_attention.output": "decoder.block.*.layer.0.SelfAttention.o",
        "decoder.layers.*.self_attention_norm": "decoder.block.*.layer.0.layer_norm",
        "decoder.layers.*.cross_attention.query": "decoder.block.*.layer.1.EncDecAttention.q",
        "decoder.layers.*.cross_attention.key": "decoder.block.*.layer.1.EncDecAttention.k",
        "decoder.layers.*.cross_attention.value": "decoder.block.*.layer.1.EncDecAttention.v",
        "decoder.layers.*.cross_attention.output": "decoder.block.*.layer.1.EncDecAttention.o",
        "decoder.layers.*.cross_attention_norm": "decoder.block.*.layer.1.layer_norm",
        "decoder.layers.*.feed_forward.up": "decoder.block.*.layer.2.DenseReluDense.wi",
        "decoder.layers.*.feed_forward.down": "decoder.block.*.layer.2.DenseReluDense.wo",
        "decoder.layers.*.feed_forward_norm": "decoder.block.*.layer.2.layer_norm",
        "decoder.norm": "decoder.final_layer_norm",
        "decoder.output.weight": "lm_head.weight",
    ]

    /// Where the two maps lie of which one is the gate of the other.
    private static let gatedNames: CheckpointMap = [
        "encoder.layers.*.feed_forward.gate": "encoder.block.*.layer.1.DenseReluDense.wi_0",
        "encoder.layers.*.feed_forward.up": "encoder.block.*.layer.1.DenseReluDense.wi_1",
        "decoder.layers.*.feed_forward.gate": "decoder.block.*.layer.2.DenseReluDense.wi_0",
        "decoder.layers.*.feed_forward.up": "decoder.block.*.layer.2.DenseReluDense.wi_1",
    ]

    public static func encoderDecoder(
        _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> EncoderDecoder<TransformerDecoderLayer> {
        try encoderDecoder(fields)
    }

    /// The model, without its numbers.
    static func encoderDecoder(_ fields: ConfigurationFields) throws -> EncoderDecoder<TransformerDecoderLayer> {
        let sizes = try T5Sizes(fields)
        return EncoderDecoder(
            encoder: try sizes.encoder(), decoder: try sizes.decoder(),
            padding: try fields.integer("pad_token_id", default: 0))
    }

    public static func extraNames(_ fields: ConfigurationFields) throws -> CheckpointMap {
        try T5Sizes(fields).isGated ? gatedNames : [:]
    }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        if architecture.hasSuffix("EncoderModel") {
            let model = EncoderModel(encoder: try T5Sizes(fields).encoder(), head: .features(nil))
            return try model.loaded(
                from: checkpoint, allNames(fields), backbone: backbone,
                unused: ["encoder.embed_tokens.weight", "decoder.*", "lm_head.weight"])
        }
        guard !architecture.hasSuffix(writing) else { return try writer(fields, checkpoint) }
        return try loaded(
            HeadedEncoderDecoder(try encoderDecoder(fields, checkpoint), .features), fields, checkpoint)
    }
}

/// The sizes of a T5, as its configuration spells them.
private struct T5Sizes {
    let vocabularySize: Int
    let modelSize: Int
    let headSize: Int
    let headCount: Int
    let feedForwardSize: Int
    let encoderLayerCount: Int
    let decoderLayerCount: Int
    let activation: Activation
    let isGated: Bool
    let epsilon: Float
    let dropout: Float
    let bucketCount: Int
    let maximumDistance: Int
    let isTied: Bool
    /// Whether what the decoder gives is scaled by M^−½ before the output map.
    let isScaled: Bool

    init(_ fields: ConfigurationFields) throws(ConfigurationError) {
        vocabularySize = try fields.size("vocab_size")
        modelSize = try fields.size("d_model")
        headSize = try fields.size("d_kv")
        headCount = try fields.size("num_heads")
        feedForwardSize = try fields.size("d_ff")
        encoderLayerCount = try fields.size("num_layers")
        decoderLayerCount = try fields.size("num_decoder_layers", default: encoderLayerCount)
        let spelling = try fields.string("feed_forward_proj", default: "relu")
        isGated = spelling.hasPrefix("gated-")
        switch spelling {
        case "relu", "gated-relu": activation = .relu
        case "gelu": activation = .gelu
        case "gated-gelu", "gelu_new": activation = .geluTanh
        case "silu", "gated-silu": activation = .silu
        default:
            throw ConfigurationError(
                "feed_forward_proj", expected: "relu, gelu, silu, gated-relu, gated-gelu or gated-silu", found: spelling
            )
        }
        epsilon = Float(try fields.number("layer_norm_epsilon", default: 1e-6))
        dropout = try fields.probability("dropout_rate", default: 0.1)
        bucketCount = try fields.size("relative_attention_num_buckets", default: 32)
        maximumDistance = try fields.size("relative_attention_max_distance", default: 128)
        isTied = try fields.flag("tie_word_embeddings", default: true)
        // The reference never scales what an mT5 gives.
        let isMultilingual = try fields.string("model_type", default: "t5") == "mt5"
        isScaled = try fields.flag("scale_decoder_outputs", default: isTied && !isMultilingual)
    }

    func encoder() throws(ShapeError) -> BidirectionalEncoder {
        var layers: [TransformerEncoderLayer] = []
        for _ in 0..<encoderLayerCount {
            layers.append(
                TransformerEncoderLayer(
                    selfAttention: try attention(scope: .global), selfAttentionResidual: residual,
                    feedForward: feedForward, feedForwardResidual: residual))
        }
        return BidirectionalEncoder(
            embeddings: embeddings, layers: layers, distanceBias: try bias(isBidirectional: true), norm: norm)
    }

    func decoder() throws(ShapeError) -> TextDecoder<TransformerDecoderLayer> {
        var layers: [TransformerDecoderLayer] = []
        for _ in 0..<decoderLayerCount {
            layers.append(
                TransformerDecoderLayer(
                    selfAttention: try attention(scope: .causal), selfAttentionResidual: residual,
                    crossAttention: try attention(scope: .global), crossAttentionResidual: residual,
                    feedForward: feedForward, feedForwardResidual: residual))
        }
        return TextDecoder(
            embeddings: embeddings, layers: layers, distanceBias: try bias(isBidirectional: false), norm: norm,
            output: .init(
                weight: isTied ? nil : Parameter(.zeros([vocabularySize, modelSize])),
                scale: isScaled ? 1 / Float(modelSize).squareRoot() : 1))
    }

    private var embeddings: TokenEmbeddings {
        TokenEmbeddings(
            words: Embedding(vocabularySize, modelSize, key: .blank), positions: nil, norm: nil, dropout: dropout)
    }

    private var norm: RMSNorm { RMSNorm(modelSize, epsilon: epsilon) }

    private var residual: Residual { Residual(norm: norm, order: .pre, dropout: dropout) }

    private func map(_ inputs: Int, _ outputs: Int) -> Linear { Linear(inputs, outputs, hasBias: false, key: .blank) }

    private func attention(scope: some Scope) throws(ShapeError) -> MultiHeadAttention {
        let inner = headCount * headSize
        return try MultiHeadAttention(
            query: map(modelSize, inner), key: map(modelSize, inner), value: map(modelSize, inner),
            output: map(inner, modelSize),
            mechanism: AttentionMechanism(score: .dot, scope: scope, dropout: dropout), headCount: headCount,
            keyHeadCount: headCount)
    }

    private var feedForward: FeedForward {
        FeedForward(
            up: map(modelSize, feedForwardSize), gate: isGated ? map(modelSize, feedForwardSize) : nil,
            down: map(feedForwardSize, modelSize), activation: activation, dropout: dropout)
    }

    private func bias(isBidirectional: Bool) throws(ShapeError) -> T5BiasModifier {
        try .t5Bias(
            headCount: headCount, bidirectional: isBidirectional, buckets: bucketCount, maximumDistance: maximumDistance
        )
    }
}
