public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// One layer of a model that writes from left to right: causal self-attention and a feed-forward layer, each in a residual branch (Radford
/// et al. 2019, *GPT-2*, sec. 2.3).
public struct CausalLayer: Module {
    /// How the two branches follow.
    public enum Arrangement: Sendable, Hashable {
        /// The feed-forward layer reads what the attention has added to.
        case inTurn
        /// Both read the same (Wang & Komatsuzaki 2021, *GPT-J*).
        case sideBySide
    }

    /// Positions look at themselves and what came before.
    public var selfAttention: MultiHeadAttention
    /// The branch around it.
    public var selfAttentionResidual: Residual
    /// Each position on its own.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual
    /// How the two follow.
    public let arrangement: Arrangement
    /// How many positions a query looks back at, its own included; nil for all.
    public let window: Int?

    /// A layer of these parts, whose attention looks as far back as is said and never ahead.
    public init(
        selfAttention: MultiHeadAttention, selfAttentionResidual: Residual, feedForward: FeedForward,
        feedForwardResidual: Residual, arrangement: Arrangement = .inTurn, window: Int? = nil
    ) {
        self.selfAttention = selfAttention
        self.selfAttention.mechanism.scope = SlidingWindowScope.slidingWindow(left: window.map { $0 - 1 }, right: 0)
        self.selfAttentionResidual = selfAttentionResidual
        self.feedForward = feedForward
        self.feedForwardResidual = feedForwardResidual
        self.arrangement = arrangement
        self.window = window
    }

    /// What a layer gives.
    public struct Output: Sendable {
        /// [B, L, M].
        public let output: Tensor
        /// Where each head looked, [B, H, L, K]; nil unless it was asked for.
        public let weights: Tensor?
    }

    /// Positions [B, L, M], of which these are real → [B, L, M], all at once, and where they looked if `aligning`.
    ///
    /// - Parameter places: where the tokens stand for what tells positions apart; nil: where they are. What comes before what is a matter of
    ///   their order.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, present: Presence = .all, places: Positions? = nil, aligning: Bool = false,
        training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        var attention = selfAttention
        if let places {
            attention.mechanism.modifiers = attention.mechanism.modifiers.map { PlacedModifier($0, at: places) }
        }
        var weights: Tensor?
        let attended = try selfAttentionResidual(x, training: key?[0], through: attention.output) {
            x throws(ShapeError) in
            let memory = try attention.remember(x, present: present, training: key?[4])
            guard aligning else { return try attention.context(x, memory, training: key?[1]) }
            let aligned = try attention.alignedContext(x, memory, training: key?[1])
            weights = aligned.weights
            return aligned.context
        }
        return Output(output: try behindAttention(attended, x, training: key), weights: weights)
    }

    /// New positions [R, T, M] behind those that the cache remembers, of row r the first `counts[r]` (all if nil) → [R, T, M], and where they
    /// looked if `aligning`.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func step(
        _ x: Tensor, counts: [Int]? = nil, past: inout KeyValueCache, aligning: Bool = false
    ) throws(ShapeError) -> Output {
        let positions = Positions.from(past.lengths)
        var weights: Tensor?
        let attended = try selfAttentionResidual(x, training: nil, through: selfAttention.output) {
            x throws(ShapeError) in
            try selfAttention.remember(x, counts: counts, in: &past)
            guard aligning else { return try selfAttention.context(x, Memory(past), positions: positions) }
            let aligned = try selfAttention.alignedContext(x, Memory(past), positions: positions)
            weights = aligned.weights
            return aligned.context
        }
        return Output(output: try behindAttention(attended, x, training: nil), weights: weights)
    }

    /// An empty cache of so many rows, which forgets what no query looks at any more.
    public func cache(rowCount: Int, format: PageFormat) -> KeyValueCache {
        KeyValueCache(rowCount: rowCount, format: format, window: window.map { CacheWindow($0) })
    }

    /// The layer as it stands among the others: without the heads that are left out there, and heard by whoever records.
    public func placed(at index: Int) -> CausalLayer {
        guard MultiHeadAttention.isPlaced else { return self }
        var copy = self
        copy.selfAttention.place(.decoder, at: index)
        return copy
    }

    private func behindAttention(
        _ attended: Tensor, _ x: Tensor, training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        try feedForwardResidual(
            attended, reading: arrangement == .sideBySide ? x : nil, training: key?[2], through: feedForward.down
        ) { x throws(ShapeError) in
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
