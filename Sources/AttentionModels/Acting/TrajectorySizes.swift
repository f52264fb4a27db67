import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// The sizes of a `TrajectoryModel` that begins with random parameters.
public struct TrajectorySizes: Sendable, Hashable {
    /// S, the numbers of what is seen.
    public var stateSize: Int
    /// A, the numbers of what is done, or how many actions there are.
    public var actionSize: Int
    /// The most steps of an episode.
    public var stepLimit: Int
    /// M.
    public var modelSize = 64
    /// H; divides M.
    public var headCount = 2
    /// L.
    public var layerCount = 2
    /// The probability of dropping a number in training: of branches and attention.
    public var dropout: Float = 0.1

    /// Sizes for what is seen and done in episodes of at most so many steps.
    public init(stateSize: Int, actionSize: Int, stepLimit: Int) {
        (self.stateSize, self.actionSize, self.stepLimit) = (stateSize, actionSize, stepLimit)
    }

    /// Throws what is wrong with these sizes, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value) in [
            ("stateSize", stateSize), ("actionSize", actionSize), ("stepLimit", stepLimit), ("modelSize", modelSize),
            ("headCount", headCount), ("layerCount", layerCount),
        ] {
            try ConfigurationError.require(name, value, in: 1...65_536)
        }
        try ConfigurationError.require("dropout", probability: dropout)
        try ConfigurationError.require("modelSize", modelSize, ofHeads: headCount)
    }
}

extension TrajectoryModel {
    /// A model of random parameters, drawn as GPT-2's, but with a deviation of 1/√M: 0.02 is for larger models. Its actions are not bounded: they
    /// may be logits.
    ///
    /// - Throws: `ConfigurationError` with the size that cannot be.
    public static func model(_ sizes: TrajectorySizes, key: RandomKey) throws(ConfigurationError) -> TrajectoryModel {
        try sizes.validate()
        let size = sizes.modelSize
        let residual = Residual(size, order: .pre, dropout: sizes.dropout)
        let layers = (0..<sizes.layerCount).map { _ in
            CausalLayer(
                selfAttention: MultiHeadAttention(
                    size, headCount: sizes.headCount, mechanism: AttentionMechanism(dropout: sizes.dropout),
                    key: .blank),
                selfAttentionResidual: residual,
                feedForward: FeedForward(size, 4 * size, activation: .gelu, key: .blank),
                feedForwardResidual: residual)
        }
        return TrajectoryModel(
            returnEmbedding: Linear(1, size, key: .blank), stateEmbedding: Linear(sizes.stateSize, size, key: .blank),
            actionEmbedding: Linear(sizes.actionSize, size, key: .blank),
            timestepEmbedding: Embedding(sizes.stepLimit, size, key: .blank), embeddingNorm: LayerNorm(size),
            decoder: CausalDecoder(
                words: Embedding(1, size, key: .blank), layers: layers, norm: LayerNorm(size), lengthLimit: nil),
            stateHead: Linear(size, sizes.stateSize, key: .blank),
            actionHead: Linear(size, sizes.actionSize, key: .blank), returnHead: Linear(size, 1, key: .blank),
            boundsActions: false
        ).drawn(key) {
            GPT2.initialNumbers($0, layerCount: sizes.layerCount, deviation: 1 / Float(size).squareRoot())
        }
    }
}
