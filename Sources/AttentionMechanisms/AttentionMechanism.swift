public import AttentionTensors

/// Attention as decisions, each a part that can be exchanged:
///
///     scores    = modify(score(query, memory.keys))         how well do they match?
///     region    = scope ∩ memory.lengths                    where may a query look?
///     alignment = normalizer(scores within region)          how is attention shared?
///     context   = alignment · memory.values                 what is read?
///
/// Written as `AttentionMechanism(score: .general(querySize: 512, keySize: 512, key: key), scope: .causal)`; all shapes are
/// [B batch, H heads, Q queries or K keys, D size]. A query with nothing to look at has zero weights and a zero context.
public struct AttentionMechanism: Module {
    /// How a query is compared with a key.
    public var score: any Score
    /// What positions and caps do to queries, keys and scores, in this order.
    public var modifiers: [any Modifier]
    /// Where a query may look.
    public var scope: any Scope
    /// How scores become shares.
    public var normalizer: any Normalizer
    /// The probability of dropping a weight in training (Vaswani et al. 2017, sec. 5.4; Zaremba et al. 2014).
    public var dropout: Float

    /// A mechanism of these parts.
    public init(
        score: some Score = .scaledDot, modifiers: [any Modifier] = [], scope: some Scope = .global,
        normalizer: some Normalizer = .softmax, dropout: Float = 0
    ) {
        self.score = score
        self.modifiers = modifiers
        self.scope = scope
        self.normalizer = normalizer
        self.dropout = dropout
    }

    /// Keys [B, H, K, Dk] and values [B, H, K, Dv] as a memory: the keys are transformed once, however many queries follow.
    ///
    /// `offset` is the position of the first key, for memories that grow.
    /// - Throws: `ShapeError` if the shapes do not fit each other or the score.
    public func remember(
        keys: Tensor, values: Tensor, lengths: [Int]? = nil, offset: Int = 0
    ) throws(ShapeError) -> Memory {
        var turned = keys
        for modifier in modifiers { turned = try modifier.transform(keys: turned, offset: offset) }
        return try Memory(preparedKeys: try score.transform(keys: turned), values: values, lengths: lengths)
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
        try read(query, memory, offset: offset, training: key).context
    }

    /// As `attend`, with the means to ask afterwards where chosen queries of chosen heads looked, at the cost of those rows only.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func read(
        _ query: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Reading {
        let prepared = try prepare(query, memory, offset: offset)
        if let call = try FusedAttention(
            self, query: prepared.query, region: prepared.region, memory: memory, offset: offset, training: key)
        {
            return Reading(call)
        }
        return Reading(try align(prepared: prepared, memory, offset: offset, training: key))
    }

    /// What the queries read, and where they looked: always by way of the whole weight matrix.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        try align(prepared: try prepare(query, memory, offset: offset), memory, offset: offset, training: key)
    }

    /// A query as it is compared, and the region it may look at.
    private typealias PreparedQuery = (query: Tensor, region: Region)

    private func prepare(_ query: Tensor, _ memory: Memory, offset: Int) throws(ShapeError) -> PreparedQuery {
        var turned = query
        for modifier in modifiers { turned = try modifier.transform(query: turned, offset: offset) }
        let prepared = try score.transform(query: turned)
        try check(prepared, memory)
        var region = try scope.region(query: prepared, keys: memory.keys, offset: offset)
        for modifier in modifiers {
            let own = try modifier.region(query: prepared, keys: memory.keys, offset: offset)
            region = region.intersection(own)
        }
        return (prepared, region)
    }

    private func align(
        prepared: PreparedQuery, _ memory: Memory, offset: Int, training key: RandomKey?
    ) throws(ShapeError) -> Alignment {
        let (query, region) = prepared
        let groups = query.shape[1] / memory.keys.shape[1]
        var scores = try score.compare(query, try memory.keys.repeatingHeads(groups))
        for modifier in modifiers { scores = try modifier.modify(scores: scores, offset: offset) }
        let allowed = region.mask(queryCount: query.shape[2], keyCount: memory.keyCount, lengths: memory.lengths)
        let scorable = score.scorable(keyCount: memory.keyCount)
        let visible = allowed.flatMap { allowed in scorable.map(allowed.intersection) } ?? allowed ?? scorable
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

    /// `score.…`, `modifiers.0.…`, `normalizer.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        for index in modifiers.indices { try modifiers[index].visit(&visitor, path / "modifiers" / "\(index)") }
        try normalizer.visit(&visitor, path / "normalizer")
    }
}

extension Tensor {
    /// [B, H, K, D] → [B, H · count, K, D]: every head `count` times in a row, for queries that share keys and values.
    func repeatingHeads(_ count: Int) throws(ShapeError) -> Tensor {
        guard count != 1 else { return self }
        let (batch, heads, keys, size) = (shape[0], shape[1], shape[2], shape[3])
        return try unsqueezed(axis: 2).expanded(to: [batch, heads, count, keys, size])
            .reshaped(to: [batch, heads * count, keys, size])
    }
}
