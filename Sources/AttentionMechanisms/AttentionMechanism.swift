public import AttentionTensors

/// Attention as decisions, each a part that can be exchanged:
///
///     scores    = score(query, memory.keys)                 how well do they match?
///     region    = scope ∩ memory.lengths                    where may a query look?
///     alignment = normalizer(scores within region)          how is attention shared?
///     context   = alignment · memory.values                 what is read?
///
/// Written as `AttentionMechanism(score: .general(querySize: 512, keySize: 512, key: key), scope: .causal)`; all shapes are
/// [B batch, H heads, Q queries or K keys, D size]. A query with nothing to look at has zero weights and a zero context.
public struct AttentionMechanism: Module {
    /// How a query is compared with a key.
    public var score: any Score
    /// Where a query may look.
    public var scope: any Scope
    /// How scores become shares.
    public var normalizer: any Normalizer
    /// The probability of dropping a weight in training (Vaswani et al. 2017, sec. 5.4; Zaremba et al. 2014).
    public var dropout: Float

    /// A mechanism of these parts.
    public init(
        score: some Score = .scaledDot, scope: some Scope = .global, normalizer: some Normalizer = .softmax,
        dropout: Float = 0
    ) {
        self.score = score
        self.scope = scope
        self.normalizer = normalizer
        self.dropout = dropout
    }

    /// Keys [B, H, K, Dk] and values [B, H, K, Dv] as a memory: the keys are transformed once, however many queries follow.
    /// - Throws: `ShapeError` if the shapes do not fit each other or the score.
    public func remember(keys: Tensor, values: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Memory {
        try Memory(preparedKeys: try score.transform(keys: keys), values: values, lengths: lengths)
    }

    /// What the queries [B, H, Q, Dq] read from the memory: [B, H, Q, Dv].
    ///
    /// Takes a fused kernel where there is one for this combination of parts; the meaning is that of `align`.
    /// - Parameters:
    ///   - offset: the position of the first query among the keys, for queries that continue a sequence.
    ///   - training: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(
        _ query: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let query = try score.transform(query: query)
        try check(query, memory)
        let region = try scope.region(queryCount: query.shape[2], keyCount: memory.keyCount, offset: offset)
        if let kernel = FusedAttention(
            score: score, region: region, normalizer: normalizer, query: query, memory: memory)
        {
            return kernel.attend(query, memory, dropout: dropout, training: key)
        }
        return try align(transformed: query, memory, within: region, training: key).context
    }

    /// What the queries read, and where they looked: always by way of the whole weight matrix.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        let query = try score.transform(query: query)
        try check(query, memory)
        let region = try scope.region(queryCount: query.shape[2], keyCount: memory.keyCount, offset: offset)
        return try align(transformed: query, memory, within: region, training: key)
    }

    private func align(
        transformed query: Tensor, _ memory: Memory, within region: Region, training key: RandomKey?
    ) throws(ShapeError) -> Alignment {
        let groups = query.shape[1] / memory.keys.shape[1]
        let scores = try score.compare(query, try memory.keys.repeatingHeads(groups))
        let visible = region.mask(queryCount: query.shape[2], keyCount: memory.keyCount, lengths: memory.lengths)
        let weights = try normalizer.normalize(scores, visible: visible)
        let kept = key.map { weights.dropout(dropout, key: $0) } ?? weights
        return Alignment(weights: weights, context: try matmul(kept, try memory.values.repeatingHeads(groups)))
    }

    private func check(_ query: Tensor, _ memory: Memory) throws(ShapeError) {
        guard query.shape.rank == 4, query.shape[0] == memory.keys.shape[0], memory.keys.shape[1] > 0,
            query.shape[1] % memory.keys.shape[1] == 0
        else {
            throw ShapeError(
                "attend",
                expected:
                    "queries [\(memory.keys.shape[0]), n · \(memory.keys.shape[1]), Q, D] for keys \(memory.keys.shape)",
                found: "\(query.shape)")
        }
        guard query.shape[3] == memory.keys.shape[3] else {
            throw ShapeError(
                "attend", expected: "keys of size \(query.shape[3]) to match the query \(query.shape)",
                found: "\(memory.keys.shape)")
        }
    }

    /// The parameters of the score.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
    }
}

extension Tensor {
    /// [B, H, K, D] → [B, H · count, K, D]: every head `count` times in a row, for queries that share keys and values.
    fileprivate func repeatingHeads(_ count: Int) throws(ShapeError) -> Tensor {
        guard count != 1 else { return self }
        let (batch, heads, keys, size) = (shape[0], shape[1], shape[2], shape[3])
        return try unsqueezed(axis: 2).expanded(to: [batch, heads, count, keys, size])
            .reshaped(to: [batch, heads * count, keys, size])
    }
}
