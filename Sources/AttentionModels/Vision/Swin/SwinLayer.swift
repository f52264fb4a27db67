public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A layer in which each place of a grid looks at those of its window (Liu et al. 2021, *Swin Transformer*, sec. 3.2).
///
///     x ← x + attention(norm(x)) in windows, x ← x + W₂ f(W₁ norm(x))
public struct SwinLayer: Module {
    /// m, the rows and columns of a window.
    public let window: Int
    /// s, by how much windows are shifted.
    public let shift: Int
    /// Places look at each other.
    public var selfAttention: MultiHeadAttention
    /// The branch around it.
    public var selfAttentionResidual: Residual
    /// Each place on its own.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual

    /// The parts of this layer, with a bias by place for each pair in a window.
    init(_ layer: TransformerEncoderLayer, window: Int, shift: Int) {
        (self.window, self.shift) = (window, shift)
        (selfAttention, selfAttentionResidual) = (layer.selfAttention, layer.selfAttentionResidual)
        (feedForward, feedForwardResidual) = (layer.feedForward, layer.feedForwardResidual)
        selfAttention.mechanism.modifiers = [
            RelativeBias2DModifier.relativeBias2D(
                height: window, width: window, headCount: layer.selfAttention.headCount)
        ]
    }

    /// Places [B, L, M] of a grid → [B, L, M], and where these heads looked within windows, [B · windows, heads, m², m²], all if nil, if
    /// `observing`.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, on grid: ImageSize, observing: Bool = false, heads: [Int]? = nil, training key: RandomKey? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor?) {
        // A grid that is one window is not shifted.
        let isOneWindow = min(grid.height, grid.width) <= window
        let partition = WindowPartition(
            grid, window: isOneWindow ? min(grid.height, grid.width) : window, shift: isOneWindow ? 0 : shift)
        var attention = selfAttention
        attention.mechanism.scope = partition.scope(rowCount: x.shape[0])
        var weights: Tensor?
        let attended = try selfAttentionResidual(x, training: key?[0], through: attention.output) {
            x throws(ShapeError) in
            let windows = try partition.windows(x)
            let memory = try attention.remember(windows, present: .all, training: key?[4])
            guard observing else {
                return try partition.grid(try attention.context(windows, memory, training: key?[1]))
            }
            let found = try attention.observe(windows, memory, heads: heads, training: key?[1])
            weights = found.weights
            return try partition.grid(found.context)
        }
        let output = try feedForwardResidual(attended, training: key?[2], through: feedForward.down) {
            x throws(ShapeError) in
            try feedForward.hidden(x, training: key?[3])
        }
        return (output, weights)
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
