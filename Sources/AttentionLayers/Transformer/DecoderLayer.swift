public import AttentionMechanisms
public import AttentionTensors

/// One layer of a decoder: positions learn of those before them, then of the source, then each is worked on by itself.
///
/// How the first is done is what conformers differ in: by attention (`TransformerDecoderLayer`), or by a recurrent cell
/// (`RecurrentDecoderLayer`). The rest is written here.
public protocol DecoderLayer: Module {
    /// What is remembered of the positions before.
    associatedtype Past: DecoderPast
    /// Target positions look at the source.
    var crossAttention: MultiHeadAttention { get set }
    /// The branch around it.
    var crossAttentionResidual: Residual { get set }
    /// The heads by which positions look at those before them; 0 where another thing stands for that.
    var ownHeadCount: Int { get }
    /// Each position on its own.
    var feedForward: FeedForward { get set }
    /// The branch around it.
    var feedForwardResidual: Residual { get set }

    /// Before the first position of R rows.
    func past(rowCount: Int) -> Past
    /// Target positions [B, T, M] → [B, T, M], all at once, and the weights that are wanted.
    ///
    /// Padding needs no mask here: it stands behind the real positions, which never look ahead.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func callAsFunction(
        _ x: Tensor, source: Memory, wanting weights: DecoderWeights, training key: RandomKey?
    ) throws(ShapeError) -> DecoderLayerOutput
    /// New target positions [R, T, M] behind those that are remembered, of row r the first `counts[r]` (all if nil) → [R, T, M], and
    /// where they looked in the source if that is wanted.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func step(
        _ x: Tensor, counts: [Int]?, past: inout Past, source: Memory, wanting weights: DecoderWeights
    ) throws(ShapeError) -> DecoderLayerOutput
    /// The same layer with one modifier more where positions look at each other; itself if they do not.
    func modified(by modifier: any Modifier) -> Self
    /// What the layer makes of one row of target positions, by what has written it: its heads, its feed-forward network, and all that was there before;
    /// nil where that is not known.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func split(_ x: SplitState, source: Memory, at index: Int) throws(ShapeError) -> SplitState?
    /// What the heads compare by which positions look at those before them; nil where that is not known.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads?
    /// What the heads compare by which positions look at a source; nil where that is not known.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func splitCrossHeads(
        reading x: SplitState, of source: SplitState, at index: Int
    ) throws(ShapeError) -> SplitHeads?
    /// The same layer with other attention where positions look at each other; itself if they do not.
    func changingSelfAttention(_ change: (inout MultiHeadAttention) -> Void) -> Self
}

/// What a decoder layer remembers of R rows, each of a length of its own.
public protocol DecoderPast: Sendable {
    /// How many positions each row has: the position that comes next.
    var lengths: [Int] { get }
    /// What is remembered of these rows, in this order; a row may be dropped or repeated.
    /// - Throws: `ShapeError` if there is no such row.
    func selecting(_ rows: [Int]) throws(ShapeError) -> Self
    /// What is remembered of all these rows, in this order; `selecting` parts them again.
    /// - Throws: `ShapeError` if there are none, or they are not of one layer.
    static func joining(_ pasts: [Self]) throws(ShapeError) -> Self
}

extension KeyValueCache: DecoderPast {}

/// Which weights of a decoder layer are wanted; others cost nothing.
public struct DecoderWeights: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Where positions look in the source.
    public static let source = DecoderWeights(rawValue: 1)
    /// Where positions look among those before them.
    public static let target = DecoderWeights(rawValue: 2)
}

/// What a decoder layer gives.
public struct DecoderLayerOutput: Sendable {
    /// [B, T, M].
    public let output: Tensor
    /// Where each head looked in the source, [B, H, T, K]; nil unless it was wanted.
    public let sourceWeights: Tensor?
    /// Where each head looked in the target, [B, H, T, T]; nil unless it was wanted, and where nothing looks.
    public let targetWeights: Tensor?
}

extension DecoderLayer {
    /// Attention to the source, and the feed-forward layer, behind the first sub-layer.
    func behindTarget(
        _ x: Tensor, _ source: Memory, targetWeights: Tensor?, wanting weights: DecoderWeights, training key: RandomKey?
    ) throws(ShapeError) -> DecoderLayerOutput {
        let (informed, looked) =
            weights.contains(.source)
            ? try aligned(x, source, training: key) : (try read(x, source, training: key), nil)
        let output = try feedForwardResidual(informed, training: key?[4], through: feedForward.down) {
            x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[5])
        }
        return DecoderLayerOutput(output: output, sourceWeights: looked, targetWeights: targetWeights)
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

    /// `cross_attention.…`, `cross_attention_norm.…`, `feed_forward.…`, `feed_forward_norm.…`.
    mutating func visitBehindTarget<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try crossAttention.visit(&visitor, path / "cross_attention")
        try crossAttentionResidual.visit(&visitor, path / "cross_attention_norm")
        try feedForward.visit(&visitor, path / "feed_forward")
        try feedForwardResidual.visit(&visitor, path / "feed_forward_norm")
    }
}
