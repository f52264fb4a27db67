import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension PostNormEncoder {
    /// The same layers as those of a decoder, which see no id behind them, with attention to vectors of `sourceSize` between their branches;
    /// without its numbers.
    func textDecoder(
        sourceSize: Int, activation: Activation? = nil, isTied: Bool
    ) throws(ConfigurationError) -> TextDecoder<TransformerDecoderLayer> {
        let encoder = try encoder()
        return TextDecoder(
            embeddings: encoder.embeddings,
            layers: encoder.layers.map { writingLayer($0, sourceSize: sourceSize) },
            output: OutputMap(
                transform: OutputTransform(
                    hidden: Linear(modelSize, modelSize, key: .blank), activation: activation ?? self.activation,
                    norm: LayerNorm(modelSize, epsilon: epsilon)),
                weight: isTied ? nil : Parameter(.zeros([vocabularySize, modelSize])),
                bias: Parameter(.zeros([vocabularySize]))))
    }

    private func writingLayer(_ layer: TransformerEncoderLayer, sourceSize: Int) -> TransformerDecoderLayer {
        var (causal, reading) = (layer.selfAttention, layer.selfAttention)
        causal.mechanism.scope = CausalScope.causal
        reading.key = Linear(sourceSize, modelSize, key: .blank)
        reading.value = Linear(sourceSize, modelSize, key: .blank)
        return TransformerDecoderLayer(
            selfAttention: causal, selfAttentionResidual: layer.selfAttentionResidual, crossAttention: reading,
            crossAttentionResidual: layer.selfAttentionResidual, feedForward: layer.feedForward,
            feedForwardResidual: layer.feedForwardResidual)
    }
}

extension PostNormFamily where Self: WritingDecoderFamily {
    static func textDecoder(_ fields: ConfigurationFields) throws -> TextDecoder<TransformerDecoderLayer> {
        let sizes = try sizes(fields)
        return try sizes.textDecoder(
            sourceSize: try fields.sourceSize(sizes.modelSize), activation: words.activation,
            isTied: try fields.flag("tie_word_embeddings", default: true))
    }
}

extension Bert: WritingDecoderFamily {
    static var textDecoderNames: CheckpointMap { .bertOutput + .bertDecoder }
}

extension Roberta: WritingDecoderFamily {
    static var textDecoderNames: CheckpointMap {
        [
            "decoder.output.transform.hidden": "lm_head.dense",
            "decoder.output.transform.norm": "lm_head.layer_norm",
            "decoder.output.weight": "lm_head.decoder.weight",
            "decoder.output.bias": "lm_head.bias",
        ] + .bertDecoder
    }
}

extension CheckpointMap {
    /// BERT's names of the layers of a decoder.
    static let bertDecoder: CheckpointMap = [
        "decoder.embeddings.words": ".embeddings.word_embeddings",
        "decoder.embeddings.positions": ".embeddings.position_embeddings",
        "decoder.embeddings.types": ".embeddings.token_type_embeddings",
        "decoder.embeddings.norm": ".embeddings.LayerNorm",
        "decoder.layers.*.self_attention.query": ".encoder.layer.*.attention.self.query",
        "decoder.layers.*.self_attention.key": ".encoder.layer.*.attention.self.key",
        "decoder.layers.*.self_attention.value": ".encoder.layer.*.attention.self.value",
        "decoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
        "decoder.layers.*.self_attention_norm": ".encoder.layer.*.attention.output.LayerNorm",
        "decoder.layers.*.cross_attention.query": ".encoder.layer.*.crossattention.self.query",
        "decoder.layers.*.cross_attention.key": ".encoder.layer.*.crossattention.self.key",
        "decoder.layers.*.cross_attention.value": ".encoder.layer.*.crossattention.self.value",
        "decoder.layers.*.cross_attention.output": ".encoder.layer.*.crossattention.output.dense",
        "decoder.layers.*.cross_attention_norm": ".encoder.layer.*.crossattention.output.LayerNorm",
        "decoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
        "decoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
        "decoder.layers.*.feed_forward_norm": ".encoder.layer.*.output.LayerNorm",
    ]

    /// BERT's names of what stands before words.
    static let bertOutput: CheckpointMap = [
        "decoder.output.transform.hidden": "cls.predictions.transform.dense",
        "decoder.output.transform.norm": "cls.predictions.transform.LayerNorm",
        "decoder.output.weight": "cls.predictions.decoder.weight",
        "decoder.output.bias": "cls.predictions.bias",
    ]
}
