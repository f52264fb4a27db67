public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// One layer of the encoder: self-attention, then a feed-forward layer, each in a residual branch (Vaswani et al. 2017, sec. 3.1).
public struct TransformerEncoderLayer: Module {
    /// Positions look at each other.
    public var selfAttention: MultiHeadAttention
    /// The branch around it.
    public var selfAttentionResidual: Residual
    /// Each position on its own.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual

    /// A layer of this configuration with these mechanisms.
    public init(_ configuration: TransformerConfiguration, _ mechanisms: TransformerMechanisms, key: RandomKey) {
        selfAttention = MultiHeadAttention(configuration, mechanisms.encoder, key: key[0])
        selfAttentionResidual = Residual(configuration)
        feedForward = FeedForward(configuration, key: key[1])
        feedForwardResidual = Residual(configuration)
    }

    /// Positions [B, K, M] with their lengths → [B, K, M].
    func callAsFunction(_ x: Tensor, lengths: [Int], training key: RandomKey?) throws(ShapeError) -> Tensor {
        let attended = try selfAttentionResidual(x, training: key?[0]) { x throws(ShapeError) in
            try selfAttention.attend(x, try selfAttention.remember(x, lengths: lengths), training: key?[1])
        }
        return try feedForwardResidual(attended, training: key?[2]) { x throws(ShapeError) in
            try feedForward(x, training: key?[3])
        }
    }

    /// `self_attention.…`, `self_attention_norm.…`, `feed_forward.…`, `feed_forward_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try selfAttention.visit(&visitor, path / "self_attention")
        try selfAttentionResidual.visit(&visitor, path / "self_attention_norm")
        try feedForward.visit(&visitor, path / "feed_forward")
        try feedForwardResidual.visit(&visitor, path / "feed_forward_norm")
    }
}

/// One layer of the decoder: causal self-attention, attention to the source, a feed-forward layer (Vaswani et al. 2017, sec. 3.1).
public struct TransformerDecoderLayer: Module {
    /// Positions look at each other.
    public var selfAttention: MultiHeadAttention
    /// The branch around it.
    public var selfAttentionResidual: Residual
    /// Target positions look at the source.
    public var crossAttention: MultiHeadAttention
    /// The branch around it.
    public var crossAttentionResidual: Residual
    /// Each position on its own.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual

    /// A layer of this configuration with these mechanisms.
    public init(_ configuration: TransformerConfiguration, _ mechanisms: TransformerMechanisms, key: RandomKey) {
        selfAttention = MultiHeadAttention(configuration, mechanisms.decoder, key: key[0])
        selfAttentionResidual = Residual(configuration)
        crossAttention = MultiHeadAttention(configuration, mechanisms.source, key: key[1])
        crossAttentionResidual = Residual(configuration)
        feedForward = FeedForward(configuration, key: key[2])
        feedForwardResidual = Residual(configuration)
    }

    /// Target positions [B, T, M] → [B, T, M], all at once.
    ///
    /// Padding needs no mask here: it stands behind the real positions, which never look ahead.
    func callAsFunction(_ x: Tensor, source: Memory, training key: RandomKey?) throws(ShapeError) -> Tensor {
        let attended = try selfAttentionResidual(x, training: key?[0]) { x throws(ShapeError) in
            try selfAttention.attend(x, try selfAttention.remember(x), training: key?[1])
        }
        let informed = try crossAttentionResidual(attended, training: key?[2]) { x throws(ShapeError) in
            try crossAttention.attend(x, source, training: key?[3])
        }
        return try feedForwardResidual(informed, training: key?[4]) { x throws(ShapeError) in
            try feedForward(x, training: key?[5])
        }
    }

    /// New target positions [B, T, M] after those that `past` remembers → [B, T, M], where each head looked in the source
    /// [B, H, T, K], and the grown memory.
    func align(
        _ x: Tensor, past: Memory?, source: Memory
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor, memory: Memory) {
        let normed = selfAttentionResidual.order == .pre ? try selfAttentionResidual.norm(x) : x
        let new = try selfAttention.remember(normed, offset: past?.keyCount ?? 0)
        let memory = try past?.appending(new) ?? new
        let attended = try selfAttentionResidual(x, training: nil) { x throws(ShapeError) in
            try selfAttention.attend(x, memory, offset: past?.keyCount ?? 0)
        }
        var weights = Tensor.zeros([])
        let informed = try crossAttentionResidual(attended, training: nil) { x throws(ShapeError) in
            let alignment = try crossAttention.align(x, source)
            weights = alignment.weights
            return alignment.output
        }
        let output = try feedForwardResidual(informed, training: nil) { x throws(ShapeError) in try feedForward(x) }
        return (output, weights, memory)
    }

    /// As the encoder layer's, and `cross_attention.…`, `cross_attention_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try selfAttention.visit(&visitor, path / "self_attention")
        try selfAttentionResidual.visit(&visitor, path / "self_attention_norm")
        try crossAttention.visit(&visitor, path / "cross_attention")
        try crossAttentionResidual.visit(&visitor, path / "cross_attention_norm")
        try feedForward.visit(&visitor, path / "feed_forward")
        try feedForwardResidual.visit(&visitor, path / "feed_forward_norm")
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
