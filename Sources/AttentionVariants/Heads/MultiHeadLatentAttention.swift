public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Causal self-attention whose keys and values are unfolded from one short vector per position, which is all that a cache has to keep:
///
///     c^Q = RMSNorm(W^DQ x)             [q^C; q^R]_h = W_h^UQ c^Q          q^R and k^R are turned by position (RoPE, interleaved);
///     c^KV = RMSNorm(first R of W^DKV x),  k^R = the last Dr of it         k^R is shared by all heads
///     [k^C; v]_h = W_h^UKV c^KV
///     s_ij = ([q^C; q^R]_i · [k^C; k^R]_j) / √(Dn + Dr)
///
/// *Source:* DeepSeek-AI 2024, *DeepSeek-V2*, eq. 9–19, with the norms of its released code.
public struct MultiHeadLatentAttention: Module {
    /// How the vectors of a head are cut.
    public struct HeadSizes: Sendable, Hashable {
        /// Dn: features compared by content.
        public let content: Int
        /// Dr: features that know the position; even.
        public let position: Int
        /// Dv.
        public let value: Int

        /// Heads of these sizes.
        public init(content: Int, position: Int, value: Int) {
            self.content = content
            self.position = position
            self.value = value
        }
    }

    /// W^DQ, [Rq, M].
    public var queryDown: Linear
    /// The norm of c^Q.
    public var queryNorm: RMSNorm
    /// W^UQ, [H · (Dn + Dr), Rq].
    public var queryUp: Linear
    /// W^DKV and W^KR, [R + Dr, M].
    public var keyValueDown: Linear
    /// The norm of c^KV.
    public var keyValueNorm: RMSNorm
    /// W^UK and W^UV of each head in turn, [H · (Dn + Dv), R].
    public var keyValueUp: Parameter
    /// W^O, [M, H · Dv].
    public var output: Linear
    /// H.
    public let headCount: Int
    /// Dn, Dr and Dv.
    public let sizes: HeadSizes
    private let rotary: RotaryModifier

    private static let largest = 1 << 20

    /// Heads of these parameters.
    /// - Throws: `ShapeError` unless their shapes fit the head count and sizes, or there are no such rotary frequencies.
    public init(
        queryDown: Linear, queryNorm: RMSNorm, queryUp: Linear, keyValueDown: Linear, keyValueNorm: RMSNorm,
        keyValueUp: Tensor, output: Linear, headCount: Int, sizes: HeadSizes, base: Double = 10_000
    ) throws(ShapeError) {
        // Bounds first, so that products of sizes stay in range.
        guard (1...Self.largest).contains(headCount),
            [sizes.content, sizes.position, sizes.value].allSatisfy((0...Self.largest).contains)
        else {
            throw ShapeError(
                "MultiHeadLatentAttention", expected: "a head and sizes of at most \(Self.largest)",
                found: "\(headCount) heads of \(sizes.content), \(sizes.position) and \(sizes.value)")
        }
        self.queryDown = queryDown
        self.queryNorm = queryNorm
        self.queryUp = queryUp
        self.keyValueDown = keyValueDown
        self.keyValueNorm = keyValueNorm
        self.keyValueUp = Parameter(keyValueUp)
        self.output = output
        self.headCount = headCount
        self.sizes = sizes
        rotary = try .rope(rotarySize: sizes.position, base: base, layout: .interleaved)
        try check()
    }

    /// What positions [B, L, M] leave behind.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(_ x: Tensor, positions: Positions = .from(0)) throws(ShapeError) -> LatentMemory {
        let joint = try keyValueDown(x)  // [B, L, R + Dr]
        let rank = joint.shape[-1] - sizes.position
        let places = try joint.sliced(axis: -1, rank..<rank + sizes.position).splitIntoHeads(1)
        return LatentMemory(
            latents: try keyValueNorm(try joint.sliced(axis: -1, 0..<rank)),
            positionKeys: try rotary.transform(keys: places, positions: positions).squeezed(axis: 1))
    }

    /// What positions [B, L, M] read from the memory, [B, L, M], and where each head looked, [B, H, L, K]: keys and values unfolded, as the
    /// equations stand.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ x: Tensor, _ memory: LatentMemory, positions: Positions = .from(0)
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let query = try self.query(x, positions: positions)
        let unfolded = try linear(memory.latents, weight: keyValueUp).splitIntoHeads(headCount)  // [B, H, K, Dn + Dv]
        let content = try unfolded.sliced(axis: -1, 0..<sizes.content)
        let shared = try memory.positionKeys.unsqueezed(axis: 1)
            .expanded(to: Shape(content.shape.dimensions.dropLast() + [sizes.position]))
        let mechanism = AttentionMechanism(scope: .causal)
        let alignment = try mechanism.align(
            try concatenated([query.content, query.position], axis: -1),
            try mechanism.remember(
                keys: try concatenated([content, shared], axis: -1),
                values: try unfolded.sliced(axis: -1, sizes.content..<sizes.content + sizes.value)),
            positions: positions)
        return (try output(try alignment.context.mergingHeads()), alignment.weights)
    }

    /// What positions [B, L, M] read, [B, L, M], without unfolding anything: W^UK is applied to the queries instead of the keys and W^UV to what
    /// was read, so that all heads share one key [c^KV; k^R] and one value c^KV per position (sec. 2.1.2 of the paper).
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(_ x: Tensor, _ memory: LatentMemory, positions: Positions = .from(0)) throws(ShapeError)
        -> Tensor
    {
        let query = try self.query(x, positions: positions)
        let up = try keyValueUp.tensor.reshaped(to: [headCount, sizes.content + sizes.value, keyValueUp.shape[1]])
        let folded = try matmul(query.content, try up.sliced(axis: 1, 0..<sizes.content))  // [B, H, L, R]
        let scale = 1 / Float(sizes.content + sizes.position).squareRoot()
        let mechanism = AttentionMechanism(score: .scaledDot(scale: scale), scope: .causal)
        let read = try mechanism.attend(
            try concatenated([folded, query.position], axis: -1),
            try mechanism.remember(
                keys: try concatenated([memory.latents, memory.positionKeys], axis: -1).unsqueezed(axis: 1),
                values: memory.latents.unsqueezed(axis: 1)),
            positions: positions)  // [B, H, L, R]
        let values = try up.sliced(axis: 1, sizes.content..<sizes.content + sizes.value)
        return try output(try matmul(read, values.transposed()).mergingHeads())
    }

    /// q^C, [B, H, L, Dn], and q^R, turned, [B, H, L, Dr].
    private func query(_ x: Tensor, positions: Positions) throws(ShapeError) -> (content: Tensor, position: Tensor) {
        let heads = try queryUp(try queryNorm(try queryDown(x))).splitIntoHeads(headCount)
        let places = try heads.sliced(axis: -1, sizes.content..<sizes.content + sizes.position)
        return (
            try heads.sliced(axis: -1, 0..<sizes.content), try rotary.transform(query: places, positions: positions)
        )
    }

    private func check() throws(ShapeError) {
        let (down, rank) = (keyValueDown.weight.shape, keyValueNorm.gain.shape.elementCount)
        guard down.rank == 2, down[0] == rank + sizes.position else {
            throw ShapeError(
                "MultiHeadLatentAttention", expected: "a joint projection [\(rank) + \(sizes.position), M]",
                found: "\(down)")
        }
        guard queryUp.weight.shape.rank == 2,
            queryUp.weight.shape[0] == headCount * (sizes.content + sizes.position),
            keyValueUp.shape == [headCount * (sizes.content + sizes.value), rank]
        else {
            throw ShapeError(
                "MultiHeadLatentAttention",
                expected: """
                    projections [\(headCount * (sizes.content + sizes.position)), Rq] and \
                    [\(headCount * (sizes.content + sizes.value)), \(rank)]
                    """,
                found: "\(queryUp.weight.shape) and \(keyValueUp.shape)")
        }
    }

    /// `q_a_proj`, `q_a_layernorm`, `q_b_proj`, `kv_a_proj_with_mqa`, `kv_a_layernorm`, `kv_b_proj` and `o_proj`, each with a `.weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try queryDown.visit(&visitor, path / "q_a_proj")
        try queryNorm.visit(&visitor, path / "q_a_layernorm")
        try queryUp.visit(&visitor, path / "q_b_proj")
        try keyValueDown.visit(&visitor, path / "kv_a_proj_with_mqa")
        try keyValueNorm.visit(&visitor, path / "kv_a_layernorm")
        try keyValueUp.visit(&visitor, path / "kv_b_proj" / "weight")
        try output.visit(&visitor, path / "o_proj")
    }
}

extension MultiHeadLatentAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "multi_head_latent", "Multi-head latent attention", .relativeHeads,
        formula:
            "keys and values are unfolded from RMSNorm(c^KV), one vector of size R per position; one rotary key for all heads",
        cost: "O(Q K H (R + Dr)) time on the folded cache of R + Dr numbers per position",
        use: "Long contexts: a smaller cache than grouped heads and the expressiveness of as many keys as heads.",
        source: "DeepSeek-AI 2024, DeepSeek-V2, eq. 9–19",
        options: [
            .number("epsilon", .from(0), default: 1e-6), .integer("heads"), .integer("nope_dim"), .integer("rope_dim"),
            .integer("value_dim"), .number("base", default: 10_000),
        ],
        example: Example(
            ["heads": .number(2), "nope_dim": .number(16), "rope_dim": .number(8), "value_dim": .number(16)]
        ) { material in
            let size = material.size
            return ["query": .real(material.states)]
                + material.parameters([
                    "q_a_proj.weight": [32, size], "q_b_proj.weight": [48, 32],
                    "kv_a_proj_with_mqa.weight": [40, size], "kv_b_proj.weight": [64, 32], "o_proj.weight": [size, 32],
                ])
                + ["q_a_layernorm.weight": .real(.ones([32])), "kv_a_layernorm.weight": .real(.ones([32]))]
        }
    ) { request in
        let options = request.options
        let epsilon = Float(try options.number("epsilon"))
        let attention = try MultiHeadLatentAttention(
            queryDown: request.linear("q_a_proj"),
            queryNorm: RMSNorm(gain: request.tensor("q_a_layernorm.weight"), epsilon: epsilon),
            queryUp: request.linear("q_b_proj"), keyValueDown: request.linear("kv_a_proj_with_mqa"),
            keyValueNorm: RMSNorm(gain: request.tensor("kv_a_layernorm.weight"), epsilon: epsilon),
            keyValueUp: request.tensor("kv_b_proj.weight"), output: request.linear("o_proj"),
            headCount: options.integer("heads"),
            sizes: .init(
                content: options.integer("nope_dim"), position: options.integer("rope_dim"),
                value: options.integer("value_dim")),
            base: options.number("base"))
        let x = try request.tensor("query")
        let (output, weights) = try attention.align(x, attention.remember(x))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
