public import AttentionMechanisms
public import AttentionTensors

/// One layer of the decoder: causal self-attention, attention to the source, a feed-forward layer (Vaswani et al. 2017, sec. 3.1).
public struct TransformerDecoderLayer: DecoderLayer {
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

    public var ownHeadCount: Int { selfAttention.headCount }

    public func past(rowCount: Int) -> KeyValueCache { KeyValueCache(rowCount: rowCount) }

    public func callAsFunction(
        _ x: Tensor, source: Memory, wanting weights: DecoderWeights = [], training key: RandomKey? = nil
    ) throws(ShapeError) -> DecoderLayerOutput {
        var looked: Tensor?
        let attended =
            weights.contains(.target)
            ? try selfAttentionResidual(x, training: key?[0]) { x throws(ShapeError) in
                let alignment = try selfAttention.align(x, try selfAttention.remember(x), training: key?[1])
                looked = alignment.weights
                return alignment.output
            }
            : try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) { x throws(ShapeError) in
                try selfAttention.context(x, try selfAttention.remember(x), training: key?[1])
            }
        return try behindTarget(attended, source, targetWeights: looked, wanting: weights, training: key)
    }

    public func step(
        _ x: Tensor, counts: [Int]? = nil, past: inout KeyValueCache, source: Memory,
        wanting weights: DecoderWeights = []
    ) throws(ShapeError) -> DecoderLayerOutput {
        let positions = Positions.from(past.lengths)
        let normed = selfAttentionResidual.order == .pre ? try selfAttentionResidual.normed(x) : x
        try selfAttention.remember(normed, counts: counts, in: &past)
        let memory = Memory(past)
        let attended = try selfAttentionResidual(x, training: nil, through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.context(x, memory, positions: positions)
        }
        return try behindTarget(attended, source, targetWeights: nil, wanting: weights, training: nil)
    }

    public func modified(by modifier: any Modifier) -> TransformerDecoderLayer {
        var copy = self
        copy.selfAttention.mechanism.modifiers.append(modifier)
        return copy
    }

    public func changingSelfAttention(_ change: (inout MultiHeadAttention) -> Void) -> TransformerDecoderLayer {
        var copy = self
        change(&copy.selfAttention)
        return copy
    }

    /// As the encoder layer's, and `cross_attention.…`, `cross_attention_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try selfAttention.visit(&visitor, path / "self_attention")
        try selfAttentionResidual.visit(&visitor, path / "self_attention_norm")
        try visitBehindTarget(&visitor, path)
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
