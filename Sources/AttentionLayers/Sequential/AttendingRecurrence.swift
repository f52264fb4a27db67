public import AttentionMechanisms
public import AttentionTensors

/// A recurrent network that looks before it moves: at every step the state asks, and what is read enters the cell beside the input:
/// c_i = attend(s_i−1), s_i = cell([x_i; c_i], s_i−1).
///
/// With the additive mechanism and a gated recurrent unit it is Bahdanau's decoder.
///
/// *Source:* Bahdanau, Cho & Bengio 2015, sec. A.1.2 and eq. 5–6.
public struct AttendingRecurrence: Module {
    /// What the state looks with.
    public var mechanism: any SequentialMechanism
    /// What moves it.
    public var cell: any RecurrentCell

    /// A network of these parts.
    public init(mechanism: some SequentialMechanism, cell: some RecurrentCell) {
        self.mechanism = mechanism
        self.cell = cell
    }

    /// What a run through a sequence of T inputs leaves.
    public struct Trace: Sendable {
        /// s, [B, T, S].
        public let states: Tensor
        /// c, [B, T, Dv].
        public let contexts: Tensor
        /// Where each step looked, [B, T, K].
        public let weights: Tensor
    }

    /// Runs through inputs [B, T, Dx] from a state, looking at a memory with one head.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ inputs: Tensor, _ memory: Memory, from initial: RecurrentState
    ) throws(ShapeError) -> Trace {
        let hidden = initial.hidden.shape
        guard inputs.shape.rank == 3, hidden.rank == 2, memory.keyShape[1] == 1, inputs.shape[0] == hidden[0] else {
            throw ShapeError(
                "AttendingRecurrence", expected: "inputs [B, T, D], a state [B, S] and a memory of one head",
                found: "\(inputs.shape), \(hidden) and \(memory.keyShape)")
        }
        var (reader, state) = (try mechanism.reader(of: memory), initial)
        var (states, contexts, weights): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
        for index in 0..<inputs.shape[1] {
            let reading = try reader.read(
                state.hidden.unsqueezed(axis: 1).unsqueezed(axis: 1), moving: nil, training: nil)
            let context = try reading.context.squeezed(axis: 2).squeezed(axis: 1)
            state = try cell(try concatenated([try inputs.at(index, axis: 1), context], axis: 1), state)
            states.append(state.hidden)
            contexts.append(context)
            weights.append(try reading.weights.squeezed(axis: 2).squeezed(axis: 1))
        }
        let batch = inputs.shape[0]
        return Trace(
            states: try steps(states, batch, hidden[1]),
            contexts: try steps(contexts, batch, memory.valueShape[3]),
            weights: try steps(weights, batch, memory.keyCount))
    }

    /// [B, size] of every step → [B, T, size], even if there are none.
    private func steps(_ steps: [Tensor], _ batch: Int, _ size: Int) throws(ShapeError) -> Tensor {
        steps.isEmpty ? .zeros([batch, 0, size]) : try stacked(steps, axis: 1)
    }

    /// `mechanism.…` and `cell.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try mechanism.visit(&visitor, path / "mechanism")
        try cell.visit(&visitor, path / "cell")
    }
}

extension AttendingRecurrence {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "bahdanau_decoder", "Bahdanau's decoder", .sequential,
        formula: "c_i by additive attention with s_i−1, s_i = GRU([y_i; c_i], s_i−1)",
        cost: "O(QKA) time, one step after the other",
        use: "The first attention: translation with a recurrent network.",
        source:
            "Bahdanau, Cho & Bengio 2015, Neural Machine Translation by Jointly Learning to Align and Translate, "
            + "sec. A.1.2, eq. 5-6",
        example: Example { material in
            let size = material.size
            return ["inputs": .real(material.states), "key": .real(material.states), "value": .real(material.states)]
                + material.network
                + material.parameters([
                    "weight_ih": [3 * size, 2 * size], "weight_hh": [3 * size, size], "bias_ih": [3 * size],
                    "bias_hh": [3 * size], "initial_state": [1, size],
                ])
        }
    ) { request in
        let mechanism = AttentionMechanism(score: try AdditiveScore(of: request))
        let decoder = AttendingRecurrence(
            mechanism: mechanism,
            cell: GRUCell(
                input: Linear(weight: try request.tensor("weight_ih"), bias: try request.tensor("bias_ih")),
                hidden: Linear(weight: try request.tensor("weight_hh"), bias: try request.tensor("bias_hh"))))
        let trace = try decoder(
            try request.tensor("inputs"), try request.memory(for: mechanism),
            from: RecurrentState(hidden: try request.tensor("initial_state")))
        return ["output": .real(trace.states), "weights": .real(trace.weights), "context": .real(trace.contexts)]
    }
}
