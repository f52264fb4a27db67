public import AttentionMechanisms
public import AttentionTensors

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

    /// A layer of these parts; the self-attention's mechanism is to be causal.
    public init(
        selfAttention: MultiHeadAttention, selfAttentionResidual: Residual, crossAttention: MultiHeadAttention,
        crossAttentionResidual: Residual, feedForward: FeedForward, feedForwardResidual: Residual
    ) {
        self.selfAttention = selfAttention
        self.selfAttentionResidual = selfAttentionResidual
        self.crossAttention = crossAttention
        self.crossAttentionResidual = crossAttentionResidual
        self.feedForward = feedForward
        self.feedForwardResidual = feedForwardResidual
    }

    /// Target positions [B, T, M] → [B, T, M], all at once.
    ///
    /// Padding needs no mask here: it stands behind the real positions, which never look ahead.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, source: Memory, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let attended = try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.context(x, try selfAttention.remember(x), training: key?[1])
        }
        let informed = try crossAttentionResidual(attended, training: key?[2], through: crossAttention.output) {
            x throws(ShapeError) in
            try crossAttention.context(x, source, training: key?[3])
        }
        return try feedForwardResidual(informed, training: key?[4], through: feedForward.down) { x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[5])
        }
    }

    /// New target positions [B, T, M] after those that `past` remembers → [B, T, M], where each head looked in the source
    /// [B, H, T, K], and the grown memory.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ x: Tensor, past: Memory?, source: Memory
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor, memory: Memory) {
        let normed = selfAttentionResidual.order == .pre ? try selfAttentionResidual.norm(x) : x
        let new = try selfAttention.remember(normed, offset: past?.keyCount ?? 0)
        let memory = try past?.appending(new) ?? new
        let attended = try selfAttentionResidual(x, training: nil, through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.context(x, memory, offset: past?.keyCount ?? 0)
        }
        var weights = Tensor.zeros([])
        let informed = try crossAttentionResidual(attended, training: nil) { x throws(ShapeError) in
            let alignment = try crossAttention.align(x, source)
            weights = alignment.weights
            return alignment.output
        }
        let output = try feedForwardResidual(informed, training: nil, through: feedForward.down) {
            x throws(ShapeError) in
            try feedForward.hidden(x)
        }
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
