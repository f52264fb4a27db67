public import AttentionMechanisms
public import AttentionTensors

/// What a captioner reads from an image at each word: Bahdanau's attention over annotations a_i, times a gate:
///
///     e_ti = v · tanh(W_h h_t + W_a a_i + b),  α_t = softmax_i(e_t),  z_t = σ(w · h_t + b_g) Σ_i α_ti a_i
///
/// `penalty` adds to the loss what keeps places from being forgotten.
///
/// *Source:* Xu et al. 2015, *Show, Attend and Tell*, eq. 4–6, 13–14, sec. 4.2.1.
public struct SpatialSoftAttention: Module {
    /// W_h, W_a, v and b.
    public var score: AdditiveScore
    /// w, [Dh].
    public var gateWeight: Parameter
    /// b_g, [1].
    public var gateBias: Parameter

    /// What states read.
    public struct Result: Sendable {
        /// z, [B, T, Da].
        public let output: Tensor
        /// α, [B, T, L].
        public let weights: Tensor
        /// The gate, [B, T].
        public let gate: Tensor

        /// λ Σ_i (1 − Σ_t α_ti)² for each item, [B]: the doubly stochastic regularizer, small when the words together looked at every place about
        /// once. The states must be those of all words.
        public func penalty(_ strength: Float) throws(ShapeError) -> Tensor {
            try SpatialSoftAttention.penalty(of: weights, strength)
        }
    }

    /// Attention with these parameters.
    public init(score: AdditiveScore, gateWeight: Tensor, gateBias: Tensor) {
        self.score = score
        self.gateWeight = Parameter(gateWeight)
        self.gateBias = Parameter(gateBias)
    }

    /// Attention of states of `stateSize` to annotations of `annotationSize`.
    public init(stateSize: Int, annotationSize: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            score: .additive(querySize: stateSize, keySize: annotationSize, hiddenSize: hiddenSize, key: key[0]),
            gateWeight: .glorot([stateSize], key: key[1]), gateBias: .zeros([1]))
    }

    /// Annotations [B, L, Da], prepared once for all words.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(_ annotations: Tensor) throws(ShapeError) -> Memory {
        guard annotations.shape.rank == 3 else {
            throw ShapeError("spatialSoft", expected: "annotations [B, L, Da]", found: "\(annotations.shape)")
        }
        let single = annotations.unsqueezed(axis: 1)
        return try AttentionMechanism(score: score).remember(keys: single, values: single)
    }

    /// What states [B, T, Dh] read.
    /// - Parameter normalizer: how scores become shares; `.hardmax` looks at the likeliest place alone, `.straightThrough(.gumbelSoftmax(noise: …))`
    ///   at one that is drawn.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ states: Tensor, _ memory: Memory, normalizer: some Normalizer = .softmax
    ) throws(ShapeError) -> Result {
        let gate = try gate(of: states)
        let alignment = try AttentionMechanism(score: score, normalizer: normalizer)
            .align(states.unsqueezed(axis: 1), memory)
        return Result(
            output: gate * (try alignment.context.squeezed(axis: 1)),
            weights: try alignment.weights.squeezed(axis: 1), gate: try gate.squeezed(axis: 2))
    }

    /// How much of what they look at states [B, T, Dh] take in: σ(w · h_t + b_g), [B, T, 1].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func gate(of states: Tensor) throws(ShapeError) -> Tensor {
        guard states.shape.rank == 3 else {
            throw ShapeError("spatialSoft", expected: "states [B, T, Dh]", found: "\(states.shape)")
        }
        try gateWeight.tensor.requireShape([states.shape[2]], "a gate weight", in: "spatialSoft")
        return try linear(states, weight: try gateWeight.reshaped(to: [1, -1]), bias: gateBias).sigmoid()
    }

    /// λ Σ_i (1 − Σ_t α_ti)² for each item of weights [B, T, L], [B]: of all words, those that are not to count having weights of 0.
    /// - Throws: `ShapeError` if there are not three axes.
    public static func penalty(of weights: Tensor, _ strength: Float) throws(ShapeError) -> Tensor {
        guard weights.shape.rank == 3 else {
            throw ShapeError("spatialSoft", expected: "weights [B, T, L]", found: "\(weights.shape)")
        }
        let missing = 1 - (try weights.sum(axis: 1))
        return try (missing * missing).sum(axis: 1) * strength
    }

    /// `weight_state`, `weight_annotation`, `hidden_bias`, `vector`, `weight_gate` and `bias_gate`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try score.queryWeight.visit(&visitor, path / "weight_state")
        try score.keyWeight.visit(&visitor, path / "weight_annotation")
        try score.hiddenBias.visit(&visitor, path / "hidden_bias")
        try score.vector.visit(&visitor, path / "vector")
        try gateWeight.visit(&visitor, path / "weight_gate")
        try gateBias.visit(&visitor, path / "bias_gate")
    }
}

extension SpatialSoftAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "spatial_soft", "Spatial soft attention", .vision,
        formula:
            "e_ti = v · tanh(W_h h_t + W_a a_i + b); α_t = softmax_i(e_t); z_t = σ(w · h_t + b_g) Σ_i α_ti a_i; "
            + "penalty = λ Σ_i (1 − Σ_t α_ti)²",
        cost: "O(T L A) time and memory, for T words and L places",
        use:
            "Captions and other texts about an image: each word looks at places, and the penalty sees to it that none is forgotten.",
        source: "Xu et al. 2015, Show, Attend and Tell, eq. 4–6, 13–14",
        options: [.number("penalty", default: 1)],
        example: Example(["penalty": .number(1)]) {
            ["annotations": .real($0.states), "state": .real($0.states)]
                + $0.parameters([
                    "weight_state": [16, $0.size], "weight_annotation": [16, $0.size], "hidden_bias": [16],
                    "vector": [16], "weight_gate": [$0.size], "bias_gate": [1],
                ])
        }
    ) { request in
        let attention = SpatialSoftAttention(
            score: AdditiveScore(
                queryWeight: try request.tensor("weight_state"), keyWeight: try request.tensor("weight_annotation"),
                vector: try request.tensor("vector"), hiddenBias: try request.tensor("hidden_bias")),
            gateWeight: try request.tensor("weight_gate"), gateBias: try request.tensor("bias_gate"))
        let memory = try attention.remember(try request.tensor("annotations"))
        let result = try attention(try request.tensor("state"), memory)
        let penalty = try result.penalty(Float(try request.options.number("penalty")))
        return [
            "output": .real(result.output), "weights": .real(result.weights), "gate": .real(result.gate),
            "penalty": .real(penalty),
        ]
    }
}
