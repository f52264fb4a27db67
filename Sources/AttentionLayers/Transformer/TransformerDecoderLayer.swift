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

    /// What a layer gives.
    public struct Output: Sendable {
        /// [B, T, M].
        public let output: Tensor
        /// Where each head looked in the source, [B, H, T, K]; nil unless it was asked for.
        public let weights: Tensor?
    }

    /// Target positions [B, T, M] → [B, T, M], all at once, and where they looked in the source if `aligning`.
    ///
    /// Padding needs no mask here: it stands behind the real positions, which never look ahead.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, source: Memory, aligning: Bool = false, training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        let attended = try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.context(x, try selfAttention.remember(x), training: key?[1])
        }
        return try behindSelfAttention(attended, source, aligning: aligning, training: key)
    }

    /// New target positions [R, T, M] behind those that the cache remembers, of row r the first `counts[r]` (all if nil) → [R, T, M], and where
    /// they looked in the source if `aligning`.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func step(
        _ x: Tensor, counts: [Int]? = nil, past: inout KeyValueCache, source: Memory, aligning: Bool = false
    ) throws(ShapeError) -> Output {
        let positions = Positions.from(past.lengths)
        let normed = selfAttentionResidual.order == .pre ? try selfAttentionResidual.normed(x) : x
        try selfAttention.remember(normed, counts: counts, in: &past)
        let memory = Memory(past)
        let attended = try selfAttentionResidual(x, training: nil, through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.context(x, memory, positions: positions)
        }
        return try behindSelfAttention(attended, source, aligning: aligning, training: nil)
    }

    /// Attention to the source, and the feed-forward layer.
    private func behindSelfAttention(
        _ x: Tensor, _ source: Memory, aligning: Bool, training key: RandomKey?
    ) throws(ShapeError) -> Output {
        let (informed, weights) =
            aligning ? try aligned(x, source, training: key) : (try read(x, source, training: key), nil)
        let output = try feedForwardResidual(informed, training: key?[4], through: feedForward.down) {
            x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[5])
        }
        return Output(output: output, weights: weights)
    }

    private func read(_ x: Tensor, _ source: Memory, training key: RandomKey?) throws(ShapeError) -> Tensor {
        try crossAttentionResidual(x, training: key?[2], through: crossAttention.output) { x throws(ShapeError) in
            try crossAttention.context(x, source, training: key?[3])
        }
    }

    private func aligned(
        _ x: Tensor, _ source: Memory, training key: RandomKey?
    ) throws(ShapeError) -> (Tensor, Tensor?) {
        var weights: Tensor?
        let informed = try crossAttentionResidual(x, training: key?[2]) { x throws(ShapeError) in
            let alignment = try crossAttention.align(x, source, training: key?[3])
            weights = alignment.weights
            return alignment.output
        }
        return (informed, weights)
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

extension TransformerDecoderLayer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "decoder_layer", "Transformer decoder layer", .heads,
        formula: "as encoder_layer, with causal self-attention and then attention to the memory",
        cost: "O((Q² + Q K) E + (Q + K) E²) time",
        use:
            "Writing one sequence while reading another. Parameters are those of torch.nn.TransformerDecoderLayer.",
        source: "Vaswani et al. 2017, sec. 3.1",
        // A decoder's self-attention is causal whatever it is told.
        options: .layer + [.truth("causal", default: true)]
    ) { request in
        let layer = try request.decoderLayer()
        let source = try layer.crossAttention.remember(request.tensor("memory"))
        return ["output": .real(try layer(request.tensor("input"), source: source).output)]
    }
}
