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
    /// What every query may look at besides the memory, behind its keys.
    public var persistent: PersistentPairs?
    /// The probability of dropping a weight in training (Vaswani et al. 2017, sec. 5.4; Zaremba et al. 2014).
    public var dropout: Float

    /// A mechanism of these parts.
    public init(
        score: some Score = .scaledDot, modifiers: [any Modifier] = [], scope: some Scope = .global,
        normalizer: some Normalizer = .softmax, persistent: PersistentPairs? = nil, dropout: Float = 0
    ) {
        self.score = score
        self.modifiers = modifiers
        self.scope = scope
        self.normalizer = normalizer
        self.persistent = persistent
        self.dropout = dropout
    }

    /// Keys [B, H, K, Dk] and values [B, H, K, Dv] as a memory: the keys are transformed once, however many queries follow.
    ///
    /// - Throws: `ShapeError` if the shapes do not fit each other or the score.
    public func remember(
        keys: Tensor, values: Tensor, lengths: [Int]? = nil, positions: Positions = .from(0)
    ) throws(ShapeError) -> Memory {
        try Memory(
            preparedKeys: try prepare(keys: keys, values, lengths, positions),
            values: values.withFinitePadding(lengths),
            lengths: lengths)
    }

    /// Keys [R, H, T, Dk] and values [R, H, T, Dv] at the end of each row of a cache, where their positions follow: of row r the first
    /// `counts[r]`, all if nil.
    /// - Throws: `ShapeError` if the shapes do not fit each other, the score or the cache.
    public func remember(
        keys: Tensor, values: Tensor, counts: [Int]? = nil, in cache: inout KeyValueCache
    ) throws(ShapeError) {
        let prepared = try prepare(keys: keys, values, counts, .from(cache.lengths))
        try cache.append(preparedKeys: prepared, values: values.withFinitePadding(counts), counts: counts)
    }

    private func prepare(
        keys: Tensor, _ values: Tensor, _ lengths: [Int]?, _ positions: Positions
    ) throws(ShapeError) -> Tensor {
        try require(
            keys.shape.rank == 4 && values.shape.rank == 4, "remember",
            expected: "keys [B, H, K, D] and values [B, H, K, Dv]", found: "\(keys.shape) and \(values.shape)")
        try positions.check("remember", rowCount: keys.shape[0], count: keys.shape[2])
        var turned = keys.withFinitePadding(lengths)
        for modifier in modifiers { turned = try modifier.transform(keys: turned, positions: positions) }
        return try score.transform(keys: turned)
    }

    /// What the queries [B, H, Q, Dq] read from the memory: [B, H, Q, Dv].
    ///
    /// Takes a fused kernel where there is one for this combination of parts; the meaning is that of `align`.
    /// - Parameters:
    ///   - positions: where the queries stand among the keys, for queries that continue a sequence.
    ///   - key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        guard let joined = memory.joined else {
            return try read(query, memory, positions: positions, training: key).context
        }
        let contexts = try joined.map(query, positions) { query, memory, positions throws(ShapeError) in
            try attend(query, memory, positions: positions, training: key)
        }
        return try concatenated(contexts, axis: 0)
    }

    /// As `attend`, with the means to ask afterwards where chosen queries of chosen heads looked, at the cost of those rows only.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func read(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> Reading {
        let prepared = try prepare(query, memory, positions: positions)
        if key == nil, let parts = fusable,
            let call = try PagedAttention(
                parts, query: prepared.compared, region: prepared.region, memory: memory, positions: positions)
        {
            return Reading(call)
        }
        if let parts = fusable,
            let call = try FusedAttention(
                parts, query: prepared.compared, region: try prepared.region.remembered(by: memory), memory: memory,
                positions: positions, training: key)
        {
            return Reading(call)
        }
        return Reading(try trace(prepared, memory, positions: positions, dropping: key.map(Thinning.random)).alignment)
    }

    /// The parts for fused kernels; none know persistent pairs.
    private var fusable: FusedParts? {
        guard persistent == nil else { return nil }
        return FusedParts(score: score, modifiers: modifiers, normalizer: normalizer, dropout: dropout)
    }

    /// What the queries read, and where they looked: always by way of the whole weight matrix.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        guard let joined = memory.joined else {
            return try trace(
                try prepare(query, memory, positions: positions), memory, positions: positions,
                dropping: key.map(Thinning.random)
            ).alignment
        }
        let alignments = try joined.map(query, positions) { query, memory, positions throws(ShapeError) in
            try align(query, memory, positions: positions, training: key)
        }
        return Alignment(
            weights: try joined.together(weights: alignments.map(\.weights)),
            context: try concatenated(alignments.map(\.context), axis: 0))
    }

    /// What the queries read, where they looked, and how that came about.
    ///
    /// - Parameter keep: the weights that dropout spares, a mask that can be repeated to [B, H, Q, K]: the context is that of
    ///   w_ij keep_ij / (1 − p), with p = `dropout`. Nil drops none.
    /// - Throws: `ShapeError` if the shapes do not fit, or p is not of 0 ..< 1.
    public func trace(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), keeping keep: Mask? = nil
    ) throws(ShapeError) -> AttentionTrace {
        try require(
            keep == nil || (0..<1).contains(dropout), "dropout", expected: "a probability of 0 ..< 1",
            found: "\(dropout)")
        return try trace(
            try prepare(query, memory, positions: positions), memory, positions: positions,
            dropping: keep.map(Thinning.given))
    }

    /// Which weights dropout takes.
    private enum Thinning {
        case random(RandomKey)
        case given(Mask)

        func thin(_ weights: Tensor, _ probability: Float) throws(ShapeError) -> Tensor {
            switch self {
            case .random(let key): weights.dropout(probability, key: key)
            case .given(let keep): try weights.masked(by: keep) / (1 - probability)
            }
        }
    }

    /// A query after the modifiers, as it is compared, and the region it may look at.
    private struct PreparedQuery {
        let turned: Tensor
        let compared: Tensor
        let region: Region
    }

    private func prepare(_ query: Tensor, _ memory: Memory, positions: Positions) throws(ShapeError) -> PreparedQuery {
        try require(query.shape.rank == 4, "attend", expected: "queries [B, H, Q, D]", found: "\(query.shape)")
        try positions.check("attend", rowCount: query.shape[0], count: query.shape[2])
        let turned = try turned(query, positions)
        let prepared = try score.transform(query: turned)
        try check(prepared, memory)
        var region = try scope.region(query: prepared, memory: memory, positions: positions)
        for modifier in modifiers {
            let own = try modifier.region(query: prepared, memory: memory, positions: positions)
            region = try region.intersection(own)
        }
        return PreparedQuery(turned: turned, compared: prepared, region: region)
    }

    private func turned(_ query: Tensor, _ positions: Positions) throws(ShapeError) -> Tensor {
        var turned = query
        for modifier in modifiers { turned = try modifier.transform(query: turned, positions: positions) }
        return turned
    }

    /// The queries [B, H, Q, D] as they are compared with the keys of a memory, modifiers and score having transformed them.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func compared(_ query: Tensor, positions: Positions = .from(0)) throws(ShapeError) -> Tensor {
        try score.transform(query: try turned(query, positions))
    }

    private func trace(
        _ prepared: PreparedQuery, _ memory: Memory, positions: Positions, dropping thinning: Thinning?
    ) throws(ShapeError) -> AttentionTrace {
        try checkMemory(of: prepared.compared.shape, memory)
        let groups = prepared.compared.shape[1] / memory.keyShape[1]
        var scores = try score.compare(prepared.compared, try memory.keys.repeatingHeads(groups))
        var (logits, values) = (scores, memory.values)
        for modifier in modifiers {
            logits = try modifier.modify(scores: logits, query: prepared.turned, positions: positions)
        }
        var visible = try visiblePairs(prepared, memory)
        if let persistent {
            let own = try persistent.scores(of: prepared.compared, by: score)  // [B, H, Q, N]
            scores = try concatenated([scores, own], axis: 3)
            logits = try concatenated([logits, own], axis: 3)
            visible = visible?.admittingExtraColumns(persistent.count, after: memory.keyCount)
            values = try concatenated([values, try persistent.values(batch: values.shape[0])], axis: 2)
        }
        let weights = try normalizer.normalize(logits, visible: visible)
        let kept = try thinning?.thin(weights, dropout) ?? weights
        var context = try weightedSums(kept, of: try values.repeatingHeads(groups))
        for modifier in modifiers {
            context = try modifier.modify(context: context, weights: kept, positions: positions)
        }
        return AttentionTrace(
            scores: scores, logits: logits, visible: visible, alignment: Alignment(weights: weights, context: context))
    }

    /// The pairs that the scope, the memory's lengths and the score all admit; nil when these are all.
    private func visiblePairs(_ prepared: PreparedQuery, _ memory: Memory) throws(ShapeError) -> Mask? {
        let allowed = try prepared.region.remembered(by: memory).mask(
            queryCount: prepared.compared.shape[2], keyCount: memory.keyCount, lengths: memory.lengths)
        guard let scorable = score.scorable(keyCount: memory.keyCount) else { return allowed }
        return try allowed?.intersection(scorable) ?? scorable
    }

    private func check(_ query: Tensor, _ memory: Memory) throws(ShapeError) {
        guard query.shape.rank == 4, query.shape[0] == memory.keyShape[0], memory.keyShape[1] > 0,
            query.shape[1] % memory.keyShape[1] == 0
        else {
            throw ShapeError(
                "attend",
                expected:
                    "queries [\(memory.keyShape[0]), n · \(memory.keyShape[1]), Q, D] for keys \(memory.keyShape)",
                found: "\(query.shape)")
        }
        guard query.shape[3] == memory.keyShape[3] else {
            throw ShapeError(
                "attend", expected: "keys of size \(query.shape[3]) to match the query \(query.shape)",
                found: "\(memory.keyShape)")
        }
    }

    /// `score.…`, `modifiers.0.…`, `normalizer.…` and, if there are any, `persistent.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.visit(&visitor, path / "score")
        for index in modifiers.indices { try modifiers[index].visit(&visitor, path / "modifiers" / "\(index)") }
        try normalizer.visit(&visitor, path / "normalizer")
        try persistent.visit(&visitor, path / "persistent")
    }
}

extension Region {
    /// The pairs of this region whose keys the memory shows.
    /// - Throws: `ShapeError` if the region's mask does not fit the memory.
    fileprivate func remembered(by memory: Memory) throws(ShapeError) -> Region {
        guard let remembered = memory.remembered else { return self }
        return try intersection(.mask(remembered))
    }
}

extension Tensor {
    /// [B, H, K, D] with zeros behind these lengths, if anything but numbers stands there.
    fileprivate func withFinitePadding(_ lengths: [Int]?) -> Tensor {
        guard let lengths, shape.rank == 4, lengths.count == shape[0], !isFinite else { return self }
        let (heads, keys, size) = (shape[1], shape[2], shape[3])
        let kept = Tensor(shape: shape) { out in
            withElements { x in
                for row in 0..<shape[0] * heads * keys {
                    let isReal = row % keys < lengths[row / (heads * keys)]
                    for index in row * size..<(row + 1) * size { out[index] = isReal ? x[index] : 0 }
                }
            }
        }
        return kept.derived(from: self) { upstream, gradients in gradients.add(upstream, to: self) }
    }

    /// The entries that the mask admits; 0 elsewhere.
    /// - Throws: `ShapeError` if the mask does not fit.
    fileprivate func masked(by mask: Mask) throws(ShapeError) -> Tensor {
        let bytes = try mask.expanded(to: shape).bytes
        let factors = Tensor(shape: shape) { out in for (index, byte) in bytes.enumerated() { out[index] = Float(byte) }
        }
        return self * factors
    }
}
