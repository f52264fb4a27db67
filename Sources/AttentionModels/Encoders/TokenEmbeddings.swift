public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// What a first layer reads: projection(norm(scale · word + position + type)) (Devlin et al. 2019, sec. 3, figure 2; the scale:
/// Vaswani et al. 2017, sec. 3.4).
public struct TokenEmbeddings: Module {
    /// How positions are counted where a batch does not say.
    public enum Counting: Sendable, Hashable {
        /// From a number on, mostly 0: n, n + 1, n + 2, …
        case from(Int)
        /// Real ids from p + 1 on, padding at p, its id (RoBERTa).
        case skipping(padding: Int)
    }

    /// E, a vector for each id.
    public var words: Embedding
    /// What the vectors of ids are multiplied by.
    public let scale: Float
    /// What tells positions apart here; nil where they are told apart in the layers.
    public var positions: (any PositionalEncoding)?
    /// A vector for each text; nil for none.
    public var types: Embedding?
    /// The norm of the sum; nil for none.
    public var norm: (any Norm)?
    /// From the embeddings' size to the model's; nil where they are the same.
    public var projection: Linear?
    /// How positions are counted.
    public let counting: Counting
    /// Whether a row begins with a vector of zeros, whatever its first id is: for decoders that have no start token (Marian).
    public let beginsEmpty: Bool
    /// The probability of dropping an element in training.
    public let dropout: Float

    /// Embeddings of these parts.
    public init(
        words: Embedding, scale: Float = 1, positions: (any PositionalEncoding)?, types: Embedding? = nil,
        norm: (any Norm)?, projection: Linear? = nil, counting: Counting = .from(0), beginsEmpty: Bool = false,
        dropout: Float = 0
    ) {
        (self.words, self.scale, self.positions, self.types, self.norm) = (words, scale, positions, types, norm)
        (self.projection, self.counting, self.beginsEmpty) = (projection, counting, beginsEmpty)
        self.dropout = dropout
    }

    /// The most ids in a row; nil if there is no limit.
    public var lengthLimit: Int? {
        guard let count = positions?.count else { return nil }
        return switch counting {
        case .from(let first): count - first
        case .skipping(let padding): count - padding - 1
        }
    }

    /// A batch [B, L] → [B, L, M].
    /// - Parameter past: how many ids stand before those of the batch in each row; all begin anew if nil.
    /// - Throws: `ShapeError` if an id, a type or a position has no vector.
    public func callAsFunction(
        _ batch: TokenBatch, behind past: [Int]? = nil, training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        var x = try words(of: batch, behind: past)
        if let types { x = x + (try vectors(types, of: batch)) }
        if let positions { x = try positions(x, positions: batch.positions ?? places(in: batch, behind: past)) }
        if let norm { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key) }
        if let projection { x = try projection(x) }
        return x
    }

    /// The vectors of the ids, scaled.
    private func words(of batch: TokenBatch, behind past: [Int]?) throws(ShapeError) -> Tensor {
        var x = try words.weight.rows(batch.ids, shape: [batch.rowCount, batch.length])
        if scale != 1 { x = x * scale }
        return beginsEmpty ? x.emptyingFirst(behind: past) : x
    }

    /// The vectors of the texts that the ids belong to.
    private func vectors(_ types: Embedding, of batch: TokenBatch) throws(ShapeError) -> Tensor {
        let ids = batch.types ?? [Int](repeating: 0, count: batch.ids.count)
        return try types.weight.rows(ids, shape: [batch.rowCount, batch.length])
    }

    /// What the first layer reads of a batch of one row, by what has written it.
    /// - Throws: `ShapeError` if an id, a type or a position has no vector, or there is no such place.
    func split(_ batch: TokenBatch, at places: [Int]) throws(ShapeError) -> SplitState {
        let words = try words(of: batch, behind: nil)
        var written: [(source: VectorSource, all: Tensor)] = [(.token, words)]
        if let positions {
            let numbers = batch.positions ?? self.places(in: batch, behind: nil)
            written.append((.position, try positions(.zeros(words.shape), positions: numbers)))
        }
        if let types { written.append((.segment, try vectors(types, of: batch))) }
        let x = try SplitState(written, at: places).normed(by: norm)
        guard let projection else { return x }
        return try x.mapped { x throws(ShapeError) in try projection(x) }
    }

    private func places(in batch: TokenBatch, behind past: [Int]?) -> Positions {
        if let texts = batch.texts { return places(of: texts, in: batch) }
        switch counting {
        case .from(let first): return past.map { .from($0.map { $0 + first }) } ?? .from(first)
        case .skipping(let padding):
            return .at(
                (0..<batch.rowCount).map { row in
                    var count = padding + (past?[row] ?? 0)
                    return batch.ids[row * batch.length..<(row + 1) * batch.length].map { id in
                        guard id != padding else { return padding }
                        count += 1
                        return count
                    }
                })
        }
    }

    /// Where several texts stand in a row, each is counted anew.
    private func places(of texts: [Int], in batch: TokenBatch) -> Positions {
        let first =
            switch counting {
            case .from(let first): first
            case .skipping(let padding): padding + 1
            }
        return .at(
            (0..<batch.rowCount).map { row in
                var place = first - 1
                return (row * batch.length..<(row + 1) * batch.length).map { index in
                    let isNew = index == row * batch.length || texts[index] != texts[index - 1]
                    place = isNew ? first : place + 1
                    return place
                }
            })
    }

    /// `words`, `positions`, `types`, `norm` and `projection`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try words.visit(&visitor, path / "words")
        try visitBesideWords(&visitor, path)
    }

    /// The same without the words.
    mutating func visitBesideWords<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try positions?.visit(&visitor, path / "positions")
        try types.visit(&visitor, path / "types")
        try norm?.visit(&visitor, path / "norm")
        try projection.visit(&visitor, path / "projection")
    }
}

extension Tensor {
    /// [B, L, M] with zeros at the first position of the rows that have nothing before.
    fileprivate func emptyingFirst(behind past: [Int]?) -> Tensor {
        let isFirst = (0..<shape[0]).map { past?[$0] ?? 0 == 0 }
        guard isFirst.contains(true), shape[1] > 0 else { return self }
        let factors = Tensor(shape: [shape[0], shape[1], 1]) { out in
            for row in 0..<shape[0] {
                for place in 0..<shape[1] { out[row * shape[1] + place] = isFirst[row] && place == 0 ? 0 : 1 }
            }
        }
        return self * factors
    }
}
