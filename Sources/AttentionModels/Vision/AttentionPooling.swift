public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// One vector of many, by a learnt query that looks at all of them (Zhai et al. 2022, *Scaling Vision Transformers*, sec. 3.3; Zhai et al. 2023,
/// *SigLIP*):
///
///     y = attention(q, x), y + W₂ f(W₁ norm(y))
public struct AttentionPooling: Module {
    /// q, [1, 1, M].
    public var query: Parameter
    /// How it looks.
    public var attention: MultiHeadAttention
    /// What follows.
    public var feedForward: FeedForward
    /// The branch around it.
    public var feedForwardResidual: Residual

    /// The parts of this layer, with a query for vectors of its size.
    init(_ layer: TransformerEncoderLayer, modelSize: Int) {
        query = Parameter(.zeros([1, 1, modelSize]))
        attention = layer.selfAttention
        (feedForward, feedForwardResidual) = (layer.feedForward, layer.feedForwardResidual)
    }

    /// [B, L, M] → [B, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        let queries = try query.tensor.expanded(to: [x.shape[0], 1, x.shape[2]])
        let looked = try attention.attend(queries, try attention.remember(x))
        return try feedForwardResidual(looked, training: nil, through: feedForward.down) { x throws(ShapeError) in
            try feedForward.hidden(x)
        }.squeezed(axis: 1)
    }

    /// `query`, `attention.…`, `feed_forward.…` and `feed_forward_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try query.visit(&visitor, path / "query")
        try attention.visit(&visitor, path / "attention")
        try feedForward.visit(&visitor, path / "feed_forward")
        try feedForwardResidual.visit(&visitor, path / "feed_forward_norm")
    }
}
