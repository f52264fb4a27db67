import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The sizes of an encoder as BERT has it: learned positions, norms behind the residual branches, scaled dot products. Its relatives read
/// them under other names, or add to it.
struct PostNormEncoder {
    var vocabularySize: Int
    var modelSize: Int
    var layerCount: Int
    var headCount: Int
    var feedForwardSize: Int
    var activation: Activation
    var epsilon: Float
    var dropout: Float
    var attentionDropout: Float
    var positionCount: Int
    /// Texts that are told apart; 0 for none.
    var typeCount: Int
    /// E; M unless the embeddings are narrower.
    var embeddingSize: Int
    var counting = TokenEmbeddings.Counting.from(0)
    /// Which layers are passed; nil: each once.
    var passes: [Int]?
}

extension PostNormEncoder {
    /// As BERT's configuration spells them.
    init(_ fields: ConfigurationFields) throws(ConfigurationError) {
        vocabularySize = try fields.size("vocab_size")
        modelSize = try fields.size("hidden_size")
        layerCount = try fields.layerCount("num_hidden_layers")
        headCount = try fields.size("num_attention_heads")
        feedForwardSize = try fields.size("intermediate_size")
        activation = try fields.activation("hidden_act")
        epsilon = Float(try fields.number("layer_norm_eps", default: 1e-12))
        dropout = try fields.probability("hidden_dropout_prob", default: 0.1)
        attentionDropout = try fields.probability("attention_probs_dropout_prob", default: 0.1)
        positionCount = try fields.size("max_position_embeddings")
        typeCount = try fields.integer("type_vocab_size", default: 2)
        embeddingSize = modelSize
    }

    /// The encoder without its numbers.
    func encoder(distanceBias: T5BiasModifier? = nil) throws(ConfigurationError) -> BidirectionalEncoder {
        try ConfigurationError.require("hidden_size", modelSize, ofHeads: headCount)
        return BidirectionalEncoder(
            embeddings: embeddings(), layers: (0..<layerCount).map { _ in layer() }, passes: passes,
            distanceBias: distanceBias)
    }

    private func embeddings() -> TokenEmbeddings {
        TokenEmbeddings(
            words: Embedding(vocabularySize, embeddingSize, key: .blank),
            positions: LearnedPositions(positionCount, embeddingSize, key: .blank),
            types: typeCount > 0 ? Embedding(typeCount, embeddingSize, key: .blank) : nil,
            norm: LayerNorm(embeddingSize, epsilon: epsilon),
            projection: embeddingSize == modelSize ? nil : Linear(embeddingSize, modelSize, key: .blank),
            counting: counting, dropout: dropout)
    }

    /// A layer without its numbers.
    func layer() -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            selfAttention: MultiHeadAttention(
                modelSize, headCount: headCount, mechanism: AttentionMechanism(dropout: attentionDropout), key: .blank),
            selfAttentionResidual: residual(),
            feedForward: FeedForward(modelSize, feedForwardSize, activation: activation, key: .blank),
            feedForwardResidual: residual())
    }

    private func residual() -> Residual {
        Residual(norm: LayerNorm(modelSize, epsilon: epsilon), order: .post, dropout: dropout)
    }

    /// The head for masked words, without its numbers.
    func maskedTokenHead(_ fields: ConfigurationFields, activation: Activation? = nil) throws(ConfigurationError)
        -> EncoderHead
    {
        .maskedTokens(
            MaskedTokenHead(
                modelSize, through: embeddingSize, vocabularySize: vocabularySize,
                activation: activation ?? self.activation, epsilon: epsilon,
                isTied: try fields.flag("tie_word_embeddings", default: true)))
    }
}

extension CheckpointMap {
    /// BERT's names of embeddings and layers.
    static let bert: CheckpointMap = [
        "encoder.embeddings.words": ".embeddings.word_embeddings",
        "encoder.embeddings.positions": ".embeddings.position_embeddings",
        "encoder.embeddings.types": ".embeddings.token_type_embeddings",
        "encoder.embeddings.norm": ".embeddings.LayerNorm",
        "encoder.embeddings.projection": ".embeddings_project",
        "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.self.query",
        "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.self.key",
        "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.self.value",
        "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
        "encoder.layers.*.self_attention_norm": ".encoder.layer.*.attention.output.LayerNorm",
        "encoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
        "encoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
        "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.output.LayerNorm",
        "head.pooler": ".pooler.dense",
    ]
}
