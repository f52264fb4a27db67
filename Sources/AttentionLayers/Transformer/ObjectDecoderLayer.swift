public import AttentionMechanisms
public import AttentionTensors

/// A layer in which slots for objects look at each other, then at a picture, and are worked on one by one (Carion et al. 2020, *End-to-End Object
/// Detection with Transformers*, sec. 3.2). What tells slots and places apart is added to queries and keys in each layer anew, never to values.
public struct ObjectDecoderLayer: Module {
    /// Slots look at each other.
    public var selfAttention: MultiHeadAttention
    /// The branch around it.
    public var selfAttentionResidual: Residual
    /// Slots look at the picture.
    public var crossAttention: MultiHeadAttention
    /// The branch around it.
    public var crossAttentionResidual: Residual
    /// Each slot on its own.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual

    /// A layer of these parts.
    public init(
        selfAttention: MultiHeadAttention, selfAttentionResidual: Residual, crossAttention: MultiHeadAttention,
        crossAttentionResidual: Residual, feedForward: FeedForward, feedForwardResidual: Residual
    ) {
        (self.selfAttention, self.selfAttentionResidual) = (selfAttention, selfAttentionResidual)
        (self.crossAttention, self.crossAttentionResidual) = (crossAttention, crossAttentionResidual)
        (self.feedForward, self.feedForwardResidual) = (feedForward, feedForwardResidual)
    }

    /// Slots [B, Q, M] → [B, Q, M], and the weights that are wanted.
    /// - Parameters:
    ///   - slots: what tells them apart, [Q, M].
    ///   - source: the picture, as `crossAttention` remembers it.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, slots: Tensor, source: Memory, wanting weights: DecoderWeights = [], training key: RandomKey? = nil
    ) throws(ShapeError) -> DecoderLayerOutput {
        guard x.shape.rank == 3, slots.shape == Shape(Array(x.shape.dimensions.dropFirst())) else {
            throw ShapeError(
                "ObjectDecoderLayer", expected: "vectors [B, Q, M], and [Q, M] to tell them apart",
                found: "\(x.shape) and \(slots.shape)")
        }
        var (among, looked): (Tensor?, Tensor?)
        let attended = try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) {
            x throws(ShapeError) in
            let memory = try selfAttention.remember(keys: x + slots, values: x)
            return try Self.context(selfAttention, x + slots, memory, weights.contains(.target), key?[1], &among)
        }
        let informed = try crossAttentionResidual(attended, training: key?[2], through: crossAttention.output) {
            x throws(ShapeError) in
            try Self.context(crossAttention, x + slots, source, weights.contains(.source), key?[3], &looked)
        }
        let output = try feedForwardResidual(informed, training: key?[4], through: feedForward.down) {
            x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[5])
        }
        return DecoderLayerOutput(output: output, sourceWeights: looked, targetWeights: among)
    }

    /// What is read, and where heads looked, if that is wanted.
    private static func context(
        _ attention: MultiHeadAttention, _ queries: Tensor, _ memory: Memory, _ isWanted: Bool, _ key: RandomKey?,
        _ weights: inout Tensor?
    ) throws(ShapeError) -> Tensor {
        guard isWanted else { return try attention.context(queries, memory, training: key) }
        let aligned = try attention.alignedContext(queries, memory, training: key)
        weights = aligned.weights
        return aligned.context
    }

    /// `self_attention.…`, `self_attention_norm.…`, `cross_attention.…`, `cross_attention_norm.…`, `feed_forward.…`, `feed_forward_norm.…`.
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
