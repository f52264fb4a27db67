public import AttentionTensors

/// Writes a word of the vocabulary or copies one of the source: p = g · [softmax(vocabulary logits); 0] + (1 − g) · (the attention that
/// each source word receives), with g = σ(w_c · context + w_s · state + w_x · input + b).
///
/// Source words that are not in the vocabulary take the ids behind it.
///
/// *Source:* See, Liu & Manning 2017, *Get To The Point*, eq. 8 and 9.
public struct PointerGenerator: Module {
    /// w_c, [Dc].
    public var contextWeight: Parameter
    /// w_s, [Ds].
    public var stateWeight: Parameter
    /// w_x, [Dx].
    public var inputWeight: Parameter
    /// b, [1].
    public var bias: Parameter

    /// A generator with these parameters.
    public init(contextWeight: Tensor, stateWeight: Tensor, inputWeight: Tensor, bias: Tensor) {
        self.contextWeight = Parameter(contextWeight)
        self.stateWeight = Parameter(stateWeight)
        self.inputWeight = Parameter(inputWeight)
        self.bias = Parameter(bias)
    }

    /// What a decoder knows at each of Q steps.
    public struct Step: Sendable {
        /// What attention read, [B, Q, Dc].
        public var context: Tensor
        /// The decoder's state, [B, Q, Ds].
        public var state: Tensor
        /// The decoder's input, [B, Q, Dx].
        public var input: Tensor

        /// These three.
        public init(context: Tensor, state: Tensor, input: Tensor) {
            self.context = context
            self.state = state
            self.input = input
        }
    }

    /// g, [B, Q]: the probability of writing rather than copying.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func generationProbability(_ step: Step) throws(ShapeError) -> Tensor {
        let leading = step.context.shape.dimensions.dropLast()
        try require(
            step.context.shape.rank == 3 && step.state.shape.dimensions.dropLast() == leading
                && step.input.shape.dimensions.dropLast() == leading, "pointer generator",
            expected: "a context, a state and an input [B, Q, D]",
            found: "\(step.context.shape), \(step.state.shape) and \(step.input.shape)")
        try require(bias.shape == [1], "pointer generator", expected: "a bias [1]", found: "\(bias.shape)")
        let sum =
            try inner(step.context, contextWeight) + inner(step.state, stateWeight) + inner(step.input, inputWeight)
            + bias.tensor
        return try sum.sigmoid().squeezed(axis: 2)
    }

    /// The distribution over the vocabulary and `extra` more words, [B, Q, V + extra].
    ///
    /// - Parameters:
    ///   - probability: g, [B, Q].
    ///   - vocabularyLogits: [B, Q, V].
    ///   - weights: the attention, [B, Q, K].
    ///   - sourceIDs: the word at each source position, [B, K] row-major, below V + extra.
    ///   - extra: how many words of the sources are not in the vocabulary.
    /// - Throws: `ShapeError` if shapes or ids do not fit.
    public static func distribution(
        probability: Tensor, vocabularyLogits: Tensor, weights: Tensor, sourceIDs: [Int], extra: Int
    ) throws(ShapeError) -> Tensor {
        try require(
            probability.shape.rank == 2 && vocabularyLogits.shape.rank == 3 && weights.shape.rank == 3
                && vocabularyLogits.shape.dimensions.prefix(2) == probability.shape.dimensions[...]
                && weights.shape.dimensions.prefix(2) == probability.shape.dimensions[...], "pointer generator",
            expected: "probabilities [B, Q], logits [B, Q, V] and weights [B, Q, K]",
            found: "\(probability.shape), \(vocabularyLogits.shape) and \(weights.shape)")
        try require(
            (0...1 << 32).contains(extra), "pointer generator", expected: "at least 0 extra words", found: "\(extra)")
        let share = probability.unsqueezed(axis: 2)
        let (batch, steps, size) = (weights.shape[0], weights.shape[1], vocabularyLogits.shape[2])
        let written = try concatenated(
            [try vocabularyLogits.softmax() * share, .zeros([batch, steps, extra])], axis: 2)
        return written + (try ((1 - share) * weights).scatteringColumns(sourceIDs, size: size + extra))
    }

    /// x [B, Q, D] · w [D] → [B, Q, 1].
    private func inner(_ x: Tensor, _ weight: Parameter) throws(ShapeError) -> Tensor {
        try linear(x, weight: try weight.reshaped(to: [1, -1]))
    }

    /// `weight_context`, `weight_state`, `weight_input` and `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try contextWeight.visit(&visitor, path / "weight_context")
        try stateWeight.visit(&visitor, path / "weight_state")
        try inputWeight.visit(&visitor, path / "weight_input")
        try bias.visit(&visitor, path / "bias")
    }
}

extension PointerGenerator {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "pointer_generator", "Pointer-generator", .sequential,
        formula:
            "g = σ(w_c · context + w_s · state + w_x · input + b), p = g softmax(logits) + (1 − g) copied weights",
        cost: "O(Q (V + K)) time",
        use: "Writing from a vocabulary with the freedom to copy rare words from the source.",
        source: "See, Liu & Manning 2017, Get To The Point, eq. 8-9",
        options: [.integer("extra", default: 0)],
        example: Example(["extra": .number(0)], draws: "distribution") { material in
            let (length, count) = (material.length, material.length)
            return ["weights": .real(try material.energies().softmax())]
                + [
                    "context": .real(material.states), "state": .real(material.states), "input": .real(material.states),
                    "vocabulary_logits": .real(try material.states.sliced(axis: 2, 0..<count)),
                    "source_ids": .integers(Array(0..<length), shape: [1, length]),
                ]
                + material.parameters([
                    "weight_context": [material.size], "weight_state": [material.size], "weight_input": [material.size],
                    "bias": [1],
                ])
        }
    ) { request in
        let generator = PointerGenerator(
            contextWeight: try request.tensor("weight_context"), stateWeight: try request.tensor("weight_state"),
            inputWeight: try request.tensor("weight_input"), bias: try request.tensor("bias"))
        let probability = try generator.generationProbability(
            PointerGenerator.Step(
                context: try request.tensor("context"), state: try request.tensor("state"),
                input: try request.tensor("input")))
        let distribution = try PointerGenerator.distribution(
            probability: probability, vocabularyLogits: try request.tensor("vocabulary_logits"),
            weights: try request.tensor("weights"), sourceIDs: try request.integers("source_ids").values,
            extra: try request.options.integer("extra"))
        return ["generation_probability": .real(probability), "distribution": .real(distribution)]
    }
}
