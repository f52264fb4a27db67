public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

extension TransformerEncoderLayer {
    /// A layer of this configuration.
    public init(_ configuration: TransformerConfiguration, key: RandomKey) {
        self.init(
            selfAttention: MultiHeadAttention(configuration, scope: .global, key: key[0]),
            selfAttentionResidual: Residual(configuration), feedForward: FeedForward(configuration, key: key[1]),
            feedForwardResidual: Residual(configuration))
    }
}

extension TransformerDecoderLayer {
    /// A layer of this configuration.
    public init(_ configuration: TransformerConfiguration, key: RandomKey) {
        self.init(
            selfAttention: MultiHeadAttention(configuration, scope: .causal, key: key[0]),
            selfAttentionResidual: Residual(configuration),
            crossAttention: MultiHeadAttention(configuration, scope: .global, key: key[1]),
            crossAttentionResidual: Residual(configuration), feedForward: FeedForward(configuration, key: key[2]),
            feedForwardResidual: Residual(configuration))
    }
}

extension MultiHeadAttention {
    fileprivate init(_ configuration: TransformerConfiguration, scope: some Scope, key: RandomKey) {
        self.init(
            configuration.modelSize, headCount: configuration.headCount,
            mechanism: AttentionMechanism(scope: scope, dropout: configuration.attentionDropout), key: key)
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
