public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// What an encoder's first layer reads: projection(norm(word + position + type)) (Devlin et al. 2019, sec. 3, figure 2).
public struct TokenEmbeddings: Module {
    /// How positions are counted where a batch does not say.
    public enum Counting: Sendable, Hashable {
        /// 0, 1, 2, …
        case all
        /// Real ids from p + 1 on, padding at p, its id (RoBERTa).
        case skipping(padding: Int)
    }

    /// E, a vector for each id.
    public var words: Embedding
    /// A vector for each position; nil where positions are told apart in the layers.
    public var positions: LearnedPositions?
    /// A vector for each text; nil for none.
    public var types: Embedding?
    /// The norm of the sum; nil for none.
    public var norm: LayerNorm?
    /// From the embeddings' size to the model's; nil where they are the same.
    public var projection: Linear?
    /// How positions are counted.
    public let counting: Counting
    /// The probability of dropping an element in training.
    public let dropout: Float

    /// Embeddings of these parts.
    public init(
        words: Embedding, positions: LearnedPositions?, types: Embedding?, norm: LayerNorm?, projection: Linear? = nil,
        counting: Counting = .all, dropout: Float = 0
    ) {
        (self.words, self.positions, self.types, self.norm) = (words, positions, types, norm)
        (self.projection, self.counting, self.dropout) = (projection, counting, dropout)
    }

    /// The most ids in a row; nil if there is no limit.
    public var lengthLimit: Int? {
        positions.map { positions in
            switch counting {
            case .all: positions.weight.shape[0]
            case .skipping(let padding): positions.weight.shape[0] - padding - 1
            }
        }
    }

    /// A batch [B, L] → [B, L, M].
    /// - Throws: `ShapeError` if an id, a type or a position has no vector.
    public func callAsFunction(_ batch: TokenBatch, training key: RandomKey?) throws(ShapeError) -> Tensor {
        let shape: Shape = [batch.rowCount, batch.length]
        var x = try words.weight.rows(batch.ids, shape: shape)
        if let types {
            let ids = batch.types ?? [Int](repeating: 0, count: batch.ids.count)
            x = x + (try types.weight.rows(ids, shape: shape))
        }
        if let positions { x = try positions(x, positions: batch.positions ?? places(in: batch)) }
        if let norm { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key) }
        if let projection { x = try projection(x) }
        return x
    }

    private func places(in batch: TokenBatch) -> Positions {
        guard case .skipping(let padding) = counting else { return .from(0) }
        return .at(
            (0..<batch.rowCount).map { row in
                var count = padding
                return batch.ids[row * batch.length..<(row + 1) * batch.length].map { id in
                    guard id != padding else { return padding }
                    count += 1
                    return count
                }
            })
    }

    /// `words`, `positions`, `types`, `norm` and `projection`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try words.visit(&visitor, path / "words")
        try positions.visit(&visitor, path / "positions")
        try types.visit(&visitor, path / "types")
        try norm.visit(&visitor, path / "norm")
        try projection.visit(&visitor, path / "projection")
    }
}
