public import AttentionMechanisms
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

    /// A layer of these parts.
    public init(
        selfAttention: MultiHeadAttention, selfAttentionResidual: Residual, feedForward: FeedForward,
        feedForwardResidual: Residual
    ) {
        self.selfAttention = selfAttention
        self.selfAttentionResidual = selfAttentionResidual
        self.feedForward = feedForward
        self.feedForwardResidual = feedForwardResidual
    }

    /// Positions [B, K, M], of which these are real, → [B, K, M].
    /// - Parameter places: what is added to queries and keys, but not to values, where positions are told apart in each layer anew (Carion et al.
    ///   2020, *DETR*, appendix A.3), [B, K, M] or what can be repeated to it; nil for nothing.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, present: Presence = .all, places: Tensor? = nil, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        try x.passed { x throws(ShapeError) in
            let attended = try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) {
                x throws(ShapeError) in
                let placed = places.map { x + $0 } ?? x
                return try selfAttention.context(
                    placed, try selfAttention.remember(keys: placed, values: x, present: present, training: key?[4]),
                    training: key?[1])
            }
            return try behindAttention(attended, training: key)
        }
    }

    /// The same, and where these heads looked, [B, heads, K, K]; all of them if nil. The weights are constants: gradients do not flow
    /// through them.
    /// - Throws: `ShapeError` if the shapes do not fit, or there is no such head.
    public func observe(
        _ x: Tensor, heads: [Int]? = nil, present: Presence = .all, places: Tensor? = nil,
        training key: RandomKey? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        var weights = Tensor.zeros([0])
        let attended = try selfAttentionResidual(x, training: key?[0], through: selfAttention.output) {
            x throws(ShapeError) in
            let placed = places.map { x + $0 } ?? x
            let found = try selfAttention.observe(
                placed, try selfAttention.remember(keys: placed, values: x, present: present, training: key?[4]),
                heads: heads, training: key?[1])
            weights = found.weights
            return found.context
        }
        return (try behindAttention(attended, training: key), weights)
    }

    private func behindAttention(_ x: Tensor, training key: RandomKey?) throws(ShapeError) -> Tensor {
        try feedForwardResidual(x, training: key?[2], through: feedForward.down) { x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[3])
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

extension TransformerEncoderLayer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "encoder_layer", "Transformer encoder layer", .heads,
        formula: "x ← LN(x + attention(x)), x ← LN(x + W₂ f(W₁ x)), or with the norm before each branch",
        cost: "O(K² E + K E²) time",
        use: "Whole sequences that may be seen at once. Parameters are those of torch.nn.TransformerEncoderLayer.",
        source: "Vaswani et al. 2017, sec. 3.1; norm first: Xiong et al. 2020",
        options: .layer + [.truth("causal", default: false)]
    ) { request in
        ["output": .real(try request.encoderLayer()(request.tensor("input")))]
    }
}
