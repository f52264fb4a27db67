public import AttentionMechanisms
public import AttentionTensors

/// A layer of a decoder in which a recurrent cell stands where a Transformer has self-attention: what was written so far is one vector,
/// however long it is (Kim et al. 2019, sec. 3.1, with an SSRU).
public struct RecurrentDecoderLayer: DecoderLayer {
    /// Moves from position to position; H = M.
    public var cell: any RecurrentCell
    /// The branch around it.
    public var cellResidual: Residual
    public var crossAttention: MultiHeadAttention
    public var crossAttentionResidual: Residual
    public var feedForward: FeedForward
    public var feedForwardResidual: Residual

    /// A layer of these parts.
    public init(
        cell: any RecurrentCell, cellResidual: Residual, crossAttention: MultiHeadAttention,
        crossAttentionResidual: Residual, feedForward: FeedForward, feedForwardResidual: Residual
    ) {
        (self.cell, self.cellResidual) = (cell, cellResidual)
        (self.crossAttention, self.crossAttentionResidual) = (crossAttention, crossAttentionResidual)
        (self.feedForward, self.feedForwardResidual) = (feedForward, feedForwardResidual)
    }

    /// The cell's state in each row, and how far the row has come.
    public struct Past: DecoderPast {
        var state: RecurrentState
        public fileprivate(set) var lengths: [Int]

        public func selecting(_ rows: [Int]) throws(ShapeError) -> Past {
            Past(state: try state.selecting(rows), lengths: rows.map { lengths[$0] })
        }

        public static func joining(_ pasts: [Past]) throws(ShapeError) -> Past {
            Past(state: try .joining(pasts.map(\.state)), lengths: pasts.flatMap(\.lengths))
        }
    }

    public var ownHeadCount: Int { 0 }

    public func past(rowCount: Int) -> Past {
        Past(state: .zero(rowCount, cell.hiddenSize), lengths: [Int](repeating: 0, count: rowCount))
    }

    public func callAsFunction(
        _ x: Tensor, source: Memory, wanting weights: DecoderWeights = [], training key: RandomKey? = nil
    ) throws(ShapeError) -> DecoderLayerOutput {
        var past = past(rowCount: x.shape[0])
        let moved = try cellResidual(x, training: key?[0]) { x throws(ShapeError) in
            try run(x, counts: nil, &past)
        }
        return try behindTarget(moved, source, targetWeights: nil, wanting: weights, training: key)
    }

    public func step(
        _ x: Tensor, counts: [Int]? = nil, past: inout Past, source: Memory, wanting weights: DecoderWeights = []
    ) throws(ShapeError) -> DecoderLayerOutput {
        var next = past
        let moved = try cellResidual(x, training: nil) { x throws(ShapeError) in
            try run(x, counts: counts, &next)
        }
        let output = try behindTarget(moved, source, targetWeights: nil, wanting: weights, training: nil)
        past = next
        return output
    }

    public func modified(by modifier: any Modifier) -> RecurrentDecoderLayer { self }

    public func changingSelfAttention(_ change: (inout MultiHeadAttention) -> Void) -> RecurrentDecoderLayer { self }

    /// x [R, T, M] through the cell, of row r the first `counts[r]`; outputs behind them mean nothing.
    private func run(_ x: Tensor, counts: [Int]?, _ past: inout Past) throws(ShapeError) -> Tensor {
        guard x.shape.rank == 3, x.shape[0] == past.lengths.count else {
            throw ShapeError(
                "RecurrentDecoderLayer", expected: "vectors [\(past.lengths.count), T, M]", found: "\(x.shape)")
        }
        let length = x.shape[1]
        let projected = try cell.project(x)  // [R, T, gates · H]
        var outputs: [Tensor] = []
        for position in 0..<length {
            let next = try cell.step(
                try projected.sliced(axis: 1, position..<position + 1).squeezed(axis: 1), past.state)
            if let counts {
                past.state = try next.moving(counts.map { position < $0 }, from: past.state)
            } else {
                past.state = next
            }
            outputs.append(past.state.hidden)
        }
        for row in past.lengths.indices { past.lengths[row] += counts?[row] ?? length }
        return try outputs.count == 1 ? outputs[0].unsqueezed(axis: 1) : stacked(outputs, axis: 1)
    }

    /// `cell.…`, `cell_norm.…`, `cross_attention.…`, `cross_attention_norm.…`, `feed_forward.…`, `feed_forward_norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try cell.visit(&visitor, path / "cell")
        try cellResidual.visit(&visitor, path / "cell_norm")
        try visitBehindTarget(&visitor, path)
    }
}
