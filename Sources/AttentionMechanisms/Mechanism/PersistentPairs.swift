public import AttentionTensors

/// Keys and values that belong to the mechanism rather than to the data: every query may look at them, whatever scope and padding say, and
/// modifiers leave their scores as they are. They stand behind the memory's keys.
///
/// A learned pair is torch.nn.MultiheadAttention's `bias_k` and `bias_v`, a pair of zeros its `add_zero_attn`: somewhere to look when there
/// is nothing to see.
///
/// *Source:* Sukhbaatar et al. 2019, *Augmenting Self-attention with Persistent Memory*, sec. 3.
public struct PersistentPairs: Module {
    /// [Hkv, N, D].
    public var keys: Parameter
    /// [Hkv, N, Dv].
    public var values: Parameter

    /// These pairs.
    /// - Throws: `ShapeError` unless keys and values agree in all but their last size.
    public init(keys: Tensor, values: Tensor) throws(ShapeError) {
        guard keys.shape.rank == 3, values.shape.rank == 3,
            keys.shape.dimensions.dropLast() == values.shape.dimensions.dropLast()
        else {
            throw ShapeError(
                "PersistentPairs", expected: "keys [H, N, D] and values [H, N, Dv]",
                found: "\(keys.shape) and \(values.shape)")
        }
        self.keys = Parameter(keys)
        self.values = Parameter(values)
    }

    /// The number of pairs of each head.
    public var count: Int { keys.shape[1] }

    /// These pairs followed by others.
    /// - Throws: `ShapeError` if the sizes differ.
    public func appending(_ other: PersistentPairs) throws(ShapeError) -> PersistentPairs {
        try PersistentPairs(
            keys: try concatenated([keys.tensor, other.keys.tensor], axis: 1),
            values: try concatenated([values.tensor, other.values.tensor], axis: 1))
    }

    /// How well queries [B, H, Q, D], already transformed, match these keys: [B, H, Q, N].
    func scores(of query: Tensor, by score: any Score) throws(ShapeError) -> Tensor {
        let (headCount, queryHeadCount) = (keys.shape[0], query.shape[1])
        guard headCount > 0, queryHeadCount % headCount == 0 else {
            throw ShapeError(
                "PersistentPairs", expected: "keys of heads that divide \(queryHeadCount)", found: "\(keys.shape)")
        }
        let prepared = try score.transform(keys: try expanded(keys.tensor, batch: query.shape[0]))
        return try score.compare(query, try prepared.repeatingHeads(queryHeadCount / headCount))
    }

    /// These values for each item of a batch, [B, Hkv, N, Dv].
    func values(batch: Int) throws(ShapeError) -> Tensor { try expanded(values.tensor, batch: batch) }

    private func expanded(_ pairs: Tensor, batch: Int) throws(ShapeError) -> Tensor {
        try pairs.unsqueezed(axis: 0).expanded(to: Shape([batch] + pairs.shape.dimensions))
    }

    /// `keys` and `values`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try keys.visit(&visitor, path / "keys")
        try values.visit(&visitor, path / "values")
    }
}
