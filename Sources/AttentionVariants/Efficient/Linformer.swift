public import AttentionMechanisms
public import AttentionTensors

/// Softmax attention on r mixtures of all keys and values: softmax(q (E k)ᵀ / √D) (F v).
///
/// Padding takes no part in the mixtures.
///
/// *Source:* Wang et al. 2020, *Linformer: Self-Attention with Linear Complexity*, eq. 7.
public struct Linformer: DirectAttention {
    /// E, [r, K], shared by all heads.
    public var keyProjection: Parameter
    /// F, [r, K].
    public var valueProjection: Parameter

    /// A Linformer with these projections [r, K].
    public init(keyProjection: Tensor, valueProjection: Tensor) {
        self.keyProjection = Parameter(keyProjection)
        self.valueProjection = Parameter(valueProjection)
    }

    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        try align(query, memory).context
    }

    /// What the queries read, and their weights on the r mixtures, [B, H, Q, r].
    /// - Complexity: O((Q + K) r D).
    public func align(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Alignment {
        let group = try memory.groupSize(for: query, "linformer")
        try require(
            keyProjection.shape.rank == 2 && keyProjection.shape == valueProjection.shape
                && keyProjection.shape[1] == memory.keyCount,
            "linformer", expected: "two projections [r, \(memory.keyCount)] for keys \(memory.keyShape)",
            found: "\(keyProjection.shape) and \(valueProjection.shape)")
        let memory = try memory.blankingPadding()
        let keys = try matmul(keyProjection.tensor, memory.keys).repeatingHeads(group)  // [B, H, r, D]
        let values = try matmul(valueProjection.tensor, memory.values).repeatingHeads(group)
        let weights = try matmul(query * query.inverseRootSize, keys.transposed()).softmax()
        return Alignment(weights: weights, context: try matmul(weights, values))
    }

    /// `projection_key` and `projection_value`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try keyProjection.visit(&visitor, path / "projection_key")
        try valueProjection.visit(&visitor, path / "projection_value")
    }
}

extension Linformer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "linformer", "Linformer", .efficient,
        formula: "out = softmax(q (E k)ᵀ / √D) (F v);  E, F of r rows",
        cost: "time O((Q + K) r D), memory O(Q r)",
        use: "Sequences of a fixed length whose keys are redundant: r learned mixtures stand for all of them.",
        source: "Wang et al. 2020, Linformer: Self-Attention with Linear Complexity, eq. 7",
        example: Example {
            try $0.headed() + $0.parameters(["projection_key": [6, $0.length], "projection_value": [6, $0.length]])
        }
    ) { request in
        let mechanism = Linformer(
            keyProjection: try request.tensor("projection_key"), valueProjection: try request.tensor("projection_value")
        )
        let alignment = try mechanism.align(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }
}
