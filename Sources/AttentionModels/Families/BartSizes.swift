import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The sizes of an encoder–decoder as BART's configuration spells them, and the choices in which its relatives differ.
struct BartSizes {
    /// What tells positions apart.
    enum Places {
        /// A vector for each, the first of which are for nothing.
        case learned(unused: Int)
        /// Computed, from 0 on.
        case computed(SinusoidalPositions.Layout)
        /// Computed, real ids from the padding's id + 1 on.
        case computedSkippingPadding(SinusoidalPositions.Layout)
    }

    /// One of both sides.
    struct Side {
        let layerCount: Int
        let headCount: Int
        let feedForwardSize: Int

        /// The side of this name.
        init(_ name: String, _ fields: ConfigurationFields) throws(ConfigurationError) {
            let size = try fields.size("d_model")
            headCount = try fields.size(name + "_attention_heads")
            try ConfigurationError.require("d_model", size, ofHeads: headCount)
            layerCount = try fields.size(name + "_layers")
            feedForwardSize = try fields.size(name + "_ffn_dim")
        }
    }

    let vocabularySize: Int
    let modelSize: Int
    let decoder: Side
    let activation: Activation
    let scale: Float
    let positionCount: Int
    let padding: Int
    let dropout: Float
    let attentionDropout: Float
    let activationDropout: Float
    let isTied: Bool
    /// Where norms stand in the branches.
    let order: NormOrder
    /// Whether there is a norm behind the embeddings.
    let hasEmbeddingNorm: Bool
    let places: Places
    /// Whether the maps to keys have biases.
    let hasKeyBiases: Bool

    /// - Parameter positionCount: the field that says how many positions the decoder has.
    init(
        _ fields: ConfigurationFields, order: NormOrder, hasEmbeddingNorm: Bool, places: Places,
        positionCount field: String = "max_position_embeddings", hasKeyBiases: Bool = true
    ) throws(ConfigurationError) {
        (modelSize, decoder) = (try fields.size("d_model"), try Side("decoder", fields))
        vocabularySize = try fields.size("vocab_size")
        activation = try fields.activation("activation_function")
        scale = try fields.flag("scale_embedding", default: false) ? Float(modelSize).squareRoot() : 1
        positionCount = try fields.size(field)
        padding = try fields.integer("pad_token_id", default: 1)
        dropout = try fields.probability("dropout")
        attentionDropout = try fields.probability("attention_dropout")
        activationDropout = try fields.probability("activation_dropout")
        isTied = try fields.flag("tie_word_embeddings", default: true)
        (self.order, self.hasEmbeddingNorm, self.places) = (order, hasEmbeddingNorm, places)
        self.hasKeyBiases = hasKeyBiases
    }

    /// The model without its numbers.
    func model(
        encoder: Side, sharesWords: Bool = true, hasLogitsBias: Bool
    ) -> EncoderDecoder<TransformerDecoderLayer> {
        EncoderDecoder(
            encoder: BidirectionalEncoder(embeddings: embeddings(), layers: encoderLayers(encoder), norm: lastNorm),
            decoder: textDecoder(hasLogitsBias: hasLogitsBias), sharesWords: sharesWords, padding: padding)
    }

    /// The decoder without its numbers, which looks at vectors of this size; its own unless given.
    func textDecoder(hasLogitsBias: Bool = false, sourceSize: Int? = nil) -> TextDecoder<TransformerDecoderLayer> {
        TextDecoder(
            embeddings: embeddings(),
            layers: (0..<decoder.layerCount).map { _ in decoderLayer(sourceSize ?? modelSize) }, norm: lastNorm,
            output: OutputMap(
                weight: isTied ? nil : Parameter(.zeros([vocabularySize, modelSize])),
                bias: hasLogitsBias ? Parameter(.zeros([vocabularySize])) : nil))
    }

    /// The layers of what reads.
    func encoderLayers(_ encoder: Side) -> [TransformerEncoderLayer] {
        (0..<encoder.layerCount).map { _ in encoderLayer(encoder) }
    }

    /// The norm behind the last layer of each side, if there is one.
    var lastNorm: LayerNorm? { order == .pre ? LayerNorm(modelSize) : nil }

    private func embeddings() -> TokenEmbeddings {
        let (positions, counting): (any PositionalEncoding, TokenEmbeddings.Counting) =
            switch places {
            case .learned(let unused):
                (LearnedPositions(positionCount + unused, modelSize, key: .blank), .from(unused))
            case .computed(let layout): (SinusoidalPositions(layout: layout), .from(0))
            case .computedSkippingPadding(let layout):
                (SinusoidalPositions(layout: layout), .skipping(padding: padding))
            }
        return TokenEmbeddings(
            words: Embedding(vocabularySize, modelSize, key: .blank), scale: scale, positions: positions,
            norm: hasEmbeddingNorm ? LayerNorm(modelSize) : nil, counting: counting, dropout: dropout)
    }

    private func encoderLayer(_ encoder: Side) -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            selfAttention: attention(encoder), selfAttentionResidual: residual(), feedForward: feedForward(encoder),
            feedForwardResidual: residual())
    }

    private func decoderLayer(_ sourceSize: Int) -> TransformerDecoderLayer {
        var crossAttention = attention(decoder)
        crossAttention.key = Linear(sourceSize, modelSize, hasBias: hasKeyBiases, key: .blank)
        crossAttention.value = Linear(sourceSize, modelSize, key: .blank)
        return TransformerDecoderLayer(
            selfAttention: attention(decoder, scope: .causal), selfAttentionResidual: residual(),
            crossAttention: crossAttention, crossAttentionResidual: residual(), feedForward: feedForward(decoder),
            feedForwardResidual: residual())
    }

    private func attention(_ side: Side, scope: some Scope = .global) -> MultiHeadAttention {
        var attention = MultiHeadAttention(
            modelSize, headCount: side.headCount,
            mechanism: AttentionMechanism(scope: scope, dropout: attentionDropout), key: .blank)
        if !hasKeyBiases { attention.key.bias = nil }
        return attention
    }

    private func residual() -> Residual { Residual(modelSize, order: order, dropout: dropout) }

    private func feedForward(_ side: Side) -> FeedForward {
        FeedForward(
            modelSize, side.feedForwardSize, activation: activation, dropout: activationDropout, key: .blank)
    }
}

extension CheckpointMap {
    /// BART's names, which its relatives have taken over from fairseq, too.
    static let bart: CheckpointMap = [
        "encoder.embeddings.words": ".shared",
        "encoder.embeddings.positions": ".encoder.embed_positions",
        "encoder.embeddings.norm": ".encoder.layernorm_embedding",
        "encoder.layers.*.self_attention.query": ".encoder.layers.*.self_attn.q_proj",
        "encoder.layers.*.self_attention.key": ".encoder.layers.*.self_attn.k_proj",
        "encoder.layers.*.self_attention.value": ".encoder.layers.*.self_attn.v_proj",
        "encoder.layers.*.self_attention.output": ".encoder.layers.*.self_attn.out_proj",
        "encoder.layers.*.self_attention_norm": ".encoder.layers.*.self_attn_layer_norm",
        "encoder.layers.*.feed_forward.up": ".encoder.layers.*.fc1",
        "encoder.layers.*.feed_forward.down": ".encoder.layers.*.fc2",
        "encoder.layers.*.feed_forward_norm": ".encoder.layers.*.final_layer_norm",
        "encoder.norm": ".encoder.layer_norm",
        "decoder.embeddings.words": ".decoder.embed_tokens",
        "decoder.embeddings.positions": ".decoder.embed_positions",
        "decoder.embeddings.norm": ".decoder.layernorm_embedding",
        "decoder.layers.*.self_attention.query": ".decoder.layers.*.self_attn.q_proj",
        "decoder.layers.*.self_attention.key": ".decoder.layers.*.self_attn.k_proj",
        "decoder.layers.*.self_attention.value": ".decoder.layers.*.self_attn.v_proj",
        "decoder.layers.*.self_attention.output": ".decoder.layers.*.self_attn.out_proj",
        "decoder.layers.*.self_attention_norm": ".decoder.layers.*.self_attn_layer_norm",
        "decoder.layers.*.cross_attention.query": ".decoder.layers.*.encoder_attn.q_proj",
        "decoder.layers.*.cross_attention.key": ".decoder.layers.*.encoder_attn.k_proj",
        "decoder.layers.*.cross_attention.value": ".decoder.layers.*.encoder_attn.v_proj",
        "decoder.layers.*.cross_attention.output": ".decoder.layers.*.encoder_attn.out_proj",
        "decoder.layers.*.cross_attention_norm": ".decoder.layers.*.encoder_attn_layer_norm",
        "decoder.layers.*.feed_forward.up": ".decoder.layers.*.fc1",
        "decoder.layers.*.feed_forward.down": ".decoder.layers.*.fc2",
        "decoder.layers.*.feed_forward_norm": ".decoder.layers.*.final_layer_norm",
        "decoder.norm": ".decoder.layer_norm",
        "decoder.output.weight": "lm_head.weight",
        "decoder.output.bias": .onlyRow("final_logits_bias"),
    ]
}
