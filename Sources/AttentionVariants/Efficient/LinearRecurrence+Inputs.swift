import AttentionMechanisms
internal import AttentionTensors

/// The tensors of a linear recurrence, row-major and outside the graph, and their sizes.
struct RecurrenceInputs: Sendable {
    let query: Tensor
    let keys: Tensor
    let values: Tensor
    let gate: Tensor?
    let gateIsLogarithm: Bool
    let beta: Tensor?
    let state: Tensor?
    let scale: Double

    /// - Throws: `ShapeError` if the shapes do not fit each other.
    init(
        _ query: Tensor, _ keys: Tensor, _ values: Tensor, gate: RecurrenceGate?, beta: Tensor?, state: Tensor?,
        scale: Float?
    ) throws(ShapeError) {
        try require(
            query.shape.rank == 4 && keys.shape.rank == 4 && values.shape.rank == 4
                && query.shape.dimensions.suffix(2) == keys.shape.dimensions.suffix(2)
                && keys.shape.dimensions.prefix(3) == values.shape.dimensions.prefix(3)
                && query.shape[0] == keys.shape[0] && keys.shape[1] > 0 && query.shape[1] % keys.shape[1] == 0,
            "linearRecurrence", expected: "queries [B, n · H, T, D], keys [B, H, T, D] and values [B, H, T, Dv]",
            found: "\(query.shape), \(keys.shape) and \(values.shape)")
        let steps = keys.shape.dimensions.prefix(3)
        if let shape = gate?.tensor.shape {
            try require(
                shape.rank == 4 && shape.dimensions.prefix(3) == steps && (shape[3] == 1 || shape[3] == keys.shape[3]),
                "linearRecurrence", expected: "a decay [B, H, T, 1 or D] for keys \(keys.shape)", found: "\(shape)")
        }
        if let shape = beta?.shape {
            try require(
                shape == Shape(steps + [1]), "linearRecurrence",
                expected: "a beta [B, H, T, 1] for keys \(keys.shape)", found: "\(shape)")
        }
        let stateShape = Shape([keys.shape[0], keys.shape[1], keys.shape[3], values.shape[3]])
        if let shape = state?.shape {
            try require(
                shape == stateShape, "linearRecurrence", expected: "a state \(stateShape) of [B, H, D, Dv]",
                found: "\(shape)")
        }
        // What one step costs, times the steps, fits an Int; so do all products of sizes below.
        _ = try Shape(query.shape.dimensions + [values.shape[3]]).checked(for: "linearRecurrence")
        self.query = query.contiguous().detached()
        self.keys = keys.contiguous().detached()
        self.values = values.contiguous().detached()
        self.gate = gate?.tensor.contiguous().detached()
        gateIsLogarithm = if case .logarithm = gate { true } else { false }
        self.beta = beta?.contiguous().detached()
        self.state = state?.contiguous().detached()
        self.scale = scale.map(Double.init) ?? 1 / Double(max(1, query.shape[3])).squareRoot()
    }

    var length: Int { keys.shape[2] }
    var keySize: Int { keys.shape[3] }
    var valueSize: Int { values.shape[3] }
    /// Query heads that share a state.
    var group: Int { query.shape[1] / keys.shape[1] }
    /// States: one per item and key head.
    var unitCount: Int { keys.shape[0] * keys.shape[1] }
    var stateSize: Int { keySize * valueSize }
    var outputShape: Shape { Shape(query.shape.dimensions.prefix(3) + [valueSize]) }
    var stateShape: Shape { Shape([keys.shape[0], keys.shape[1], keySize, valueSize]) }

    /// Units that a thread takes at least.
    var grain: Int { max(1, (1 << 14) / (length * (group + 1) * stateSize + 1)) }
}
