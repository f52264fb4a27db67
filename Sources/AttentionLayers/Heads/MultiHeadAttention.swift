public import AttentionMechanisms
public import AttentionTensors

/// Attention by several heads, each in a projection of its own: concat(head_1 … head_H) W_O, head_h = attend(q W_h^Q, k W_h^K, v W_h^V)
/// (Vaswani et al. 2017, sec. 3.2.2). Head h owns features h·D … (h+1)·D − 1 of each projection.
///
/// The mechanism is any `AttentionMechanism`; self- and cross-attention differ only in what is remembered. With fewer heads of keys and
/// values than of queries, each serves as many query heads in a row (grouped-query attention, Ainslie et al. 2023; one for all is Shazeer
/// 2019's multi-query attention).
public struct MultiHeadAttention: Module {
    /// W^Q.
    public var query: Linear
    /// W^K.
    public var key: Linear
    /// W^V.
    public var value: Linear
    /// W^O.
    public var output: Linear
    /// What each head does.
    public var mechanism: AttentionMechanism
    /// H.
    public let headCount: Int
    /// The number of heads of keys and values; divides H.
    public let keyHeadCount: Int
    /// The heads whose output is 0: what is left out on purpose, see `Ablation`.
    public var silenced: Set<Int> = []
    /// Who hears what the heads work with; see `recordingHeads`.
    var recording: HeadRecording?

    /// Heads of these maps, whose outputs are cut into pieces of equal size.
    /// - Throws: `ShapeError` unless the heads of queries, and those of keys and values, divide what the maps give.
    public init(
        query: Linear, key: Linear, value: Linear, output: Linear, mechanism: AttentionMechanism, headCount: Int,
        keyHeadCount: Int
    ) throws(ShapeError) {
        guard headCount > 0, keyHeadCount > 0, headCount % keyHeadCount == 0 else {
            throw ShapeError(
                "MultiHeadAttention", expected: "heads that are a multiple of the heads of keys and values",
                found: "\(headCount) and \(keyHeadCount)")
        }
        for (map, count) in [(query, headCount), (key, keyHeadCount), (value, keyHeadCount)] {
            guard map.weight.shape.rank == 2, map.weight.shape[0] % count == 0 else {
                throw ShapeError(
                    "MultiHeadAttention", expected: "a weight [n · \(count), I] for \(count) heads",
                    found: "\(map.weight.shape)")
            }
        }
        self.query = query
        self.key = key
        self.value = value
        self.output = output
        self.mechanism = mechanism
        self.headCount = headCount
        self.keyHeadCount = keyHeadCount
    }

    /// Heads of size `modelSize / headCount`.
    /// - Precondition: the model size is a multiple of the head count; configurations check it.
    public init(_ modelSize: Int, headCount: Int, mechanism: AttentionMechanism, key: RandomKey) {
        precondition(
            headCount > 0 && modelSize % headCount == 0,
            "MultiHeadAttention: expected a model size that is a multiple of \(headCount) heads, found \(modelSize)")
        query = Linear(modelSize, modelSize, key: key[0])
        self.key = Linear(modelSize, modelSize, key: key[1])
        value = Linear(modelSize, modelSize, key: key[2])
        output = Linear(modelSize, modelSize, key: key[3])
        self.mechanism = mechanism
        self.headCount = headCount
        keyHeadCount = headCount
    }

    /// The keys and values of annotations [B, K, M], projected once.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        _ annotations: Tensor, lengths: [Int]? = nil, positions: Positions = .from(0)
    ) throws(ShapeError) -> Memory {
        try remember(keys: annotations, values: annotations, lengths: lengths, positions: positions)
    }

    /// The keys and values of annotations [B, K, M] of which these are real.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        _ annotations: Tensor, present: Presence, training key: RandomKey? = nil
    ) throws(ShapeError) -> Memory {
        try remember(keys: annotations, values: annotations, present: present, training: key)
    }

    /// As above, with keys [B, K, Mk] and values [B, K, Mv] made of different things.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        keys: Tensor, values: Tensor, present: Presence, training key: RandomKey? = nil
    ) throws(ShapeError) -> Memory {
        func remembered(_ lengths: [Int]? = nil) throws(ShapeError) -> Memory {
            try remember(keys: keys, values: values, lengths: lengths, training: key)
        }
        return switch present {
        case .all: try remembered()
        case .first(let lengths): try remembered(lengths)
        case .only(let mask): try remembered().restricted(to: mask)
        }
    }

    /// As above, with keys [B, K, Mk] and values [B, K, Mv] made of different things.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        keys: Tensor, values: Tensor, lengths: [Int]? = nil, positions: Positions = .from(0),
        training randomness: RandomKey? = nil
    ) throws(ShapeError) -> Memory {
        try mechanism.remember(
            keys: try key(keys, training: randomness?[0]).splitIntoHeads(keyHeadCount),
            values: try value(values, training: randomness?[1]).splitIntoHeads(keyHeadCount), lengths: lengths,
            positions: positions)
    }

    /// The keys and values of x [R, T, M] at the end of each row of a cache: of row r the first `counts[r]`, all if nil.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(_ x: Tensor, counts: [Int]? = nil, in cache: inout KeyValueCache) throws(ShapeError) {
        try remember(keys: x, values: x, counts: counts, in: &cache)
    }

    /// As above, with keys [R, T, Mk] and values [R, T, Mv] made of different things.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        keys: Tensor, values: Tensor, counts: [Int]? = nil, in cache: inout KeyValueCache
    ) throws(ShapeError) {
        try mechanism.remember(
            keys: try key(keys).splitIntoHeads(keyHeadCount), values: try value(values).splitIntoHeads(keyHeadCount),
            counts: counts, in: &cache)
    }

    /// What queries [B, Q, M] at these positions among the keys read from the memory: [B, Q, M].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(
        _ x: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        try output(try context(x, memory, positions: positions, training: key))
    }

    /// What the heads read, side by side, before `output` mixes them: [B, Q, M] → [B, Q, H Dv].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func context(
        _ x: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let query = try query(x, training: key?[0]).splitIntoHeads(headCount)
        let reading = try mechanism.attend(query, memory, positions: positions, training: key)
        return try heard(reading, query, memory, positions).silencing(silenced).mergingHeads()
    }

    /// What the heads read, as `context` gives it, and where these heads looked, [B, heads, Q, K]; all of them if nil.
    ///
    /// The weights of the other heads are never in memory where the mechanism has a fused pass.
    /// - Throws: `ShapeError` if the shapes do not fit, or there is no such head.
    public func observe(
        _ x: Tensor, _ memory: Memory, heads: [Int]?, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> (context: Tensor, weights: Tensor) {
        let query = try query(x, training: key?[0]).splitIntoHeads(headCount)
        let reading = try mechanism.read(query, memory, positions: positions, training: key)
        let context = try heard(reading.context, query, memory, positions)
        return (try context.silencing(silenced).mergingHeads(), try reading.weights(heads: heads))
    }

    /// What positions [B, Q, M] read, [B, Q, M], and where each head looked, [B, H, Q, K].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ x: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let (context, weights) = try alignedContext(x, memory, positions: positions, training: key)
        return (try output(context), weights)
    }

    /// What the heads read, side by side, [B, Q, H Dv], and where each looked, [B, H, Q, K].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func alignedContext(
        _ x: Tensor, _ memory: Memory, positions: Positions = .from(0), training key: RandomKey? = nil
    ) throws(ShapeError) -> (context: Tensor, weights: Tensor) {
        let query = try query(x, training: key?[0]).splitIntoHeads(headCount)
        let alignment = try mechanism.align(query, memory, positions: positions, training: key)
        let context = try heard(alignment.context, query, memory, positions)
        return (try context.silencing(silenced).mergingHeads(), alignment.weights)
    }

    /// `query`, `key`, `value`, `output`, and the mechanism's own parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(parts: &self, path)
        try query.visit(&visitor, path / "query")
        try key.visit(&visitor, path / "key")
        try value.visit(&visitor, path / "value")
        try output.visit(&visitor, path / "output")
        try mechanism.visit(&visitor, path / "mechanism")
    }
}

extension MultiHeadAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "multi_head", "Multi-head attention", .heads,
        formula: "concat(head_1 … head_H) W_O, head_h = softmax(q W_h^Q (k W_h^K)ᵀ / √D) v W_h^V",
        cost: "O(Q K E + (Q + K) E²) time, O(H Q K) memory for the weights",
        use: """
            The standard layer: several small attentions see more than one large one of the same cost. Parameters are those of \
            torch.nn.MultiheadAttention.
            """,
        source: "Vaswani et al. 2017, Attention Is All You Need, sec. 3.2.2",
        options: [.integer("heads"), .truth("add_zero_attn", default: false)],
        example: Example(["heads": .number(4)]) { material in
            let size = material.size
            return material.sequence
                + material.parameters([
                    "in_proj_weight": [3 * size, size], "in_proj_bias": [3 * size], "out_proj.weight": [size, size],
                    "out_proj.bias": [size],
                ])
        }
    ) { request in
        let layer = try request.multiHeadAttention()
        let memory = try layer.remember(keys: request.tensor("key"), values: request.tensor("value"))
        let (output, weights) = try layer.align(request.tensor("query"), memory)
        return ["output": .real(output), "weights": .real(weights)]
    }
}

extension MultiHeadAttention {
    private static let projectedOptions: [OptionDescriptor] = [
        .integer("heads"), .integer("kv_heads", else: "as many as heads"),
    ]

    /// What there is to know of it with projections that have parameters of their own, around any attention.
    public static let projected = MechanismDescriptor(
        "projected_multi_head", "Multi-head attention with projections of its own", .heads,
        formula: "as multi_head; query head h reads key and value head ⌊h / (H / Hkv)⌋",
        cost: "O(Q K H D) time; a cache of 2 Hkv D numbers per position",
        use:
            "The layer of Llama and its kin: rotary positions, causal scope, fewer key and value heads than query heads.",
        source: "Vaswani et al. 2017, sec. 3.2.2; Ainslie et al. 2023, GQA",
        options: projectedOptions, accepting: projectedOptions + CoreAttention.partOptions,
        example: Example(["heads": .number(4), "kv_heads": .number(2)] + .scope("causal")) { material in
            let size = material.size
            return material.sequence
                + material.parameters([
                    "q_proj.weight": [size, size], "k_proj.weight": [size / 2, size],
                    "v_proj.weight": [size / 2, size],
                    "o_proj.weight": [size, size],
                ])
        }
    ) { request in
        let layer = try request.projectedMultiHeadAttention()
        let memory = try layer.remember(
            keys: request.tensor("key"), values: request.tensor("value"), lengths: request.coreLengths())
        let (output, weights) = try layer.align(request.tensor("query"), memory)
        return ["output": .real(output), "weights": .real(weights)]
    }
}
