import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The sizes of a layer whose norms stand before its branches, as encoders of pictures and of sound have it: scaled dot products, one hidden
/// layer behind them.
struct PreNormSizes {
    var modelSize: Int
    var headCount: Int
    var feedForwardSize: Int
    var activation: Activation
    var epsilon: Float
    var dropout: Float = 0
    var attentionDropout: Float = 0
    /// Whether the maps to queries, keys and values have biases.
    var hasBiases = true
    /// Whether what a branch gives is multiplied by a gain before it is added.
    var hasLayerScale = false
    /// Whether the hidden layer is made of two, one of which is the gate of the other.
    var isGated = false

    /// A norm without its numbers.
    func norm() -> LayerNorm { LayerNorm(modelSize, epsilon: epsilon) }

    /// A layer without its numbers.
    /// - Parameter scope: which positions see which.
    func layer(scope: any Scope = .global) throws -> TransformerEncoderLayer {
        try ConfigurationError.require("hidden_size", modelSize, ofHeads: headCount)
        func map(hasBias: Bool) -> Linear { Linear(modelSize, modelSize, hasBias: hasBias, key: .blank) }
        return TransformerEncoderLayer(
            selfAttention: try MultiHeadAttention(
                query: map(hasBias: hasBiases), key: map(hasBias: hasBiases), value: map(hasBias: hasBiases),
                output: map(hasBias: true),
                mechanism: AttentionMechanism(scope: scope, dropout: attentionDropout), headCount: headCount,
                keyHeadCount: headCount),
            selfAttentionResidual: residual(),
            feedForward: feedForward(),
            feedForwardResidual: residual())
    }

    private func feedForward() -> FeedForward {
        func map(_ inputSize: Int, _ outputSize: Int) -> Linear { Linear(inputSize, outputSize, key: .blank) }
        return FeedForward(
            up: map(modelSize, feedForwardSize), gate: isGated ? map(modelSize, feedForwardSize) : nil,
            down: map(feedForwardSize, modelSize), activation: activation)
    }

    private func residual() -> Residual {
        Residual(
            norm: norm(), order: .pre, branchNorm: hasLayerScale ? LayerScale(gain: .zeros([modelSize])) : nil,
            dropout: dropout)
    }
}
