import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension TransformerEncoderLayer {
    /// A layer of this configuration with these mechanisms.
    init(_ configuration: TransformerConfiguration, _ mechanisms: TransformerMechanisms, key: RandomKey) {
        self.init(
            selfAttention: MultiHeadAttention(configuration, mechanisms.encoder, key: key[0]),
            selfAttentionResidual: Residual(configuration), feedForward: FeedForward(configuration, key: key[1]),
            feedForwardResidual: Residual(configuration))
    }
}

extension TransformerDecoderLayer {
    /// A layer of this configuration with these mechanisms.
    init(_ configuration: TransformerConfiguration, _ mechanisms: TransformerMechanisms, key: RandomKey) {
        self.init(
            selfAttention: MultiHeadAttention(configuration, mechanisms.decoder, key: key[0]),
            selfAttentionResidual: Residual(configuration),
            crossAttention: MultiHeadAttention(configuration, mechanisms.source, key: key[1]),
            crossAttentionResidual: Residual(configuration), feedForward: FeedForward(configuration, key: key[2]),
            feedForwardResidual: Residual(configuration))
    }
}

extension MultiHeadAttention {
    fileprivate init(_ configuration: TransformerConfiguration, _ mechanism: AttentionMechanism, key: RandomKey) {
        self.init(configuration.modelSize, headCount: configuration.headCount, mechanism: mechanism, key: key)
    }
}

extension Residual {
    fileprivate init(_ configuration: TransformerConfiguration) {
        self.init(configuration.modelSize, order: configuration.normOrder, dropout: configuration.dropout)
    }
}

extension FeedForward {
    fileprivate init(_ configuration: TransformerConfiguration, key: RandomKey) {
        self.init(
            configuration.modelSize, configuration.feedForwardSize, activation: configuration.activation,
            dropout: configuration.activationDropout, key: key)
    }
}
