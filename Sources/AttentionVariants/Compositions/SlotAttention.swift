public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A set of slots that compete for a set of inputs, until each has bound an object:
///
///     k, v = W_k norm(x), W_v norm(x);  per iteration:  q = W_q norm(s)
///     w = softmax over slots of k · q / √D, plus ε, divided by its sum over inputs
///     s ← GRU(w v, s),  s ← s + W₂ relu(W₁ norm(s))
///
/// *Source:* Locatello et al. 2020, *Object-Centric Learning with Slot Attention*, algorithm 1.
public struct SlotAttention: Module {
    /// The norm of the inputs, [F].
    public var inputNorm: LayerNorm
    /// The norm of the slots, [D].
    public var slotNorm: LayerNorm
    /// The norm before the perceptron, [D].
    public var perceptronNorm: LayerNorm
    /// W_q, from D to D.
    public var query: Linear
    /// W_k, from F to D.
    public var key: Linear
    /// W_v, from F to D.
    public var value: Linear
    /// What a slot makes of what it read.
    public var update: GRUCell
    /// W₁.
    public var up: Linear
    /// W₂.
    public var down: Linear
    /// Softmax over slots, mean over inputs.
    public var normalizer: OverQueriesNormalizer

    /// Attention of these parts.
    public init(
        inputNorm: LayerNorm, slotNorm: LayerNorm, perceptronNorm: LayerNorm, query: Linear, key: Linear, value: Linear,
        update: GRUCell, up: Linear, down: Linear, normalizer: OverQueriesNormalizer = .overQueries()
    ) {
        (self.inputNorm, self.slotNorm, self.perceptronNorm) = (inputNorm, slotNorm, perceptronNorm)
        (self.query, self.key, self.value) = (query, key, value)
        (self.update, self.up, self.down) = (update, up, down)
        self.normalizer = normalizer
    }

    /// Slots of `slotSize` that read inputs of `inputSize`.
    public init(inputSize: Int, slotSize: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            inputNorm: LayerNorm(inputSize), slotNorm: LayerNorm(slotSize), perceptronNorm: LayerNorm(slotSize),
            query: Linear(slotSize, slotSize, hasBias: false, key: key[0]),
            key: Linear(inputSize, slotSize, hasBias: false, key: key[1]),
            value: Linear(inputSize, slotSize, hasBias: false, key: key[2]),
            update: GRUCell(slotSize, slotSize, key: key[3]), up: Linear(slotSize, hiddenSize, key: key[4]),
            down: Linear(hiddenSize, slotSize, key: key[5]))
    }

    /// Inputs [B, N, F] and first slots [B, K, D] → slots [B, K, D], and where they looked last, [B, K, N].
    ///
    /// - Parameters:
    ///   - slots: drawn from a distribution, in the paper a learned normal one.
    ///   - iterations: at least 1; 3 in the paper.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ inputs: Tensor, slots: Tensor, iterations: Int = 3, lengths: [Int]? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        guard inputs.shape.rank == 3, slots.shape.rank == 3, iterations >= 1 else {
            throw ShapeError(
                "slotAttention", expected: "inputs [B, N, F], slots [B, K, D] and at least one iteration",
                found: "\(inputs.shape), \(slots.shape) and \(iterations)")
        }
        let mechanism = AttentionMechanism(score: .scaledDot, normalizer: normalizer)
        let normed = try inputNorm(try inputs.clearingPadding(lengths))
        let memory = try mechanism.remember(
            keys: try key(normed).unsqueezed(axis: 1), values: try value(normed).unsqueezed(axis: 1), lengths: lengths)
        var state = slots
        var weights = Tensor.zeros([slots.shape[0], slots.shape[1], inputs.shape[1]])
        for _ in 0..<iterations {
            let alignment = try mechanism.align(try query(try slotNorm(state)).unsqueezed(axis: 1), memory)
            state = try refined(state, by: try alignment.context.squeezed(axis: 1))
            weights = try alignment.weights.squeezed(axis: 1)
        }
        return (state, weights)
    }

    /// The slots [B, K, D] after they read `updates` [B, K, D].
    private func refined(_ slots: Tensor, by updates: Tensor) throws(ShapeError) -> Tensor {
        let rows = slots.shape[0] * slots.shape[1]
        let previous = RecurrentState(hidden: try slots.reshaped(to: [rows, slots.shape[2]]))
        let flat = try updates.reshaped(to: [rows, updates.shape[2]])
        let next = try update(flat, previous).hidden.reshaped(to: slots.shape.dimensions)
        let branch = try down(try up(try perceptronNorm(next), activation: .relu))
        try branch.requireShape(slots.shape, "a perceptron that gives", in: "slotAttention")
        return next + branch
    }

    /// `norm_input.…`, `norm_slots.…`, `norm_mlp.…`, `to_q.…`, `to_k.…`, `to_v.…`, `gru.weight_ih`, `gru.weight_hh`, `gru.bias_ih`,
    /// `gru.bias_hh`, `mlp1.…` and `mlp2.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try inputNorm.visit(&visitor, path / "norm_input")
        try slotNorm.visit(&visitor, path / "norm_slots")
        try perceptronNorm.visit(&visitor, path / "norm_mlp")
        try query.visit(&visitor, path / "to_q")
        try key.visit(&visitor, path / "to_k")
        try value.visit(&visitor, path / "to_v")
        try update.input.weight.visit(&visitor, path / "gru" / "weight_ih")
        try update.hidden.weight.visit(&visitor, path / "gru" / "weight_hh")
        try update.input.bias.visit(&visitor, path / "gru" / "bias_ih")
        try update.hidden.bias.visit(&visitor, path / "gru" / "bias_hh")
        try up.visit(&visitor, path / "mlp1")
        try down.visit(&visitor, path / "mlp2")
    }
}

extension SlotAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "slot_attention", "Slot attention", .composition,
        formula:
            "softmax over slots of k · q / √D, plus ε, divided by its sum over inputs; s ← GRU(weighted mean of v, s); s ← s + mlp(norm(s))",
        cost: "O(iterations N K D) time, for N inputs and K slots",
        use: "Objects without labels: slots compete until each has bound one.",
        source: "Locatello et al. 2020, Object-Centric Learning with Slot Attention, algorithm 1",
        options: [
            .number("epsilon", .from(0), default: 1e-8), .number("norm_epsilon", .from(0), default: 1e-5),
            .integer("iterations", default: 3),
        ],
        example: Example(["iterations": .number(3)]) { material in
            let (size, slots) = (material.size, 32)
            let norms = [("norm_input", size), ("norm_slots", slots), ("norm_mlp", slots)]
            return ["inputs": .real(material.states), "slots": .real(material.parameter("slots", [1, 4, slots]) * 5)]
                + norms.reduce(into: Outputs()) { all, norm in
                    all["\(norm.0).weight"] = .real(.ones([norm.1]))
                    all["\(norm.0).bias"] = .real(.zeros([norm.1]))
                }
                + material.parameters([
                    "to_q.weight": [slots, slots], "to_k.weight": [slots, size], "to_v.weight": [slots, size],
                    "gru.weight_ih": [3 * slots, slots], "gru.weight_hh": [3 * slots, slots],
                    "gru.bias_ih": [3 * slots], "gru.bias_hh": [3 * slots],
                ])
                + material.maps(["mlp1", "mlp2"], slots, slots)
        }
    ) { request in
        let options = request.options
        let epsilon = try options.number("epsilon")
        guard epsilon >= 0 else {
            throw RequestError.unfitOption(
                "epsilon of slot_attention", expected: "a number of at least 0", found: "\(epsilon)")
        }
        let normEpsilon = try options.number("norm_epsilon")
        let attention = SlotAttention(
            inputNorm: try request.layerNorm("norm_input", epsilon: normEpsilon),
            slotNorm: try request.layerNorm("norm_slots", epsilon: normEpsilon),
            perceptronNorm: try request.layerNorm("norm_mlp", epsilon: normEpsilon),
            query: try request.linear(withoutBias: "to_q"), key: try request.linear(withoutBias: "to_k"),
            value: try request.linear(withoutBias: "to_v"),
            update: GRUCell(
                input: Linear(weight: try request.tensor("gru.weight_ih"), bias: try request.tensor("gru.bias_ih")),
                hidden: Linear(weight: try request.tensor("gru.weight_hh"), bias: try request.tensor("gru.bias_hh"))),
            up: try request.linear(withBias: "mlp1"), down: try request.linear(withBias: "mlp2"),
            normalizer: .overQueries(epsilon: epsilon))
        let (output, weights) = try attention(
            try request.tensor("inputs"), slots: try request.tensor("slots"),
            iterations: try options.integer("iterations"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
