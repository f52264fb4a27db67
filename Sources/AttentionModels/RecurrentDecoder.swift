public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// The decoder of a recurrent translator: a cell, a mechanism (or none), and the map that combines what they know.
///
/// Two orders are in the literature:
/// - *look, then move* (Bahdanau, Cho & Bengio 2015, sec. A.1.2; also without attention, Cho et al. 2014): the context is asked for with the
///   previous state and is an input of the cell; readout = tanh(W [s; c; y]).
/// - *move, then look* (Luong, Pham & Manning 2015, sec. 3 and 3.3): the context is asked for with the new state; the readout tanh(W_c [c; h]) is also
///   part of the cell's next input (input feeding).
public struct RecurrentDecoder: Module {
    /// Moves the state from token to token.
    public var cell: any RecurrentCell
    /// Nil: the context is the same at every step.
    ///
    /// Exchangeable: any mechanism for queries [R, 1, 1, H] and annotations [R, 1, K, A].
    public var mechanism: (any SequentialMechanism)?
    /// The map behind the readout: W, or W_c.
    public var combine: Linear
    private let movesFirst: Bool
    private let dropout: Float

    /// A decoder of this configuration.
    /// - Throws: `ConfigurationError` if it cannot be built.
    public init(_ configuration: RecurrentTranslatorConfiguration, key: RandomKey) throws(ConfigurationError) {
        let (embedding, hidden, annotation) = (
            configuration.embeddingSize, configuration.hiddenSize, configuration.annotationSize
        )
        movesFirst = configuration.movesFirst
        dropout = configuration.dropout
        cell = configuration.cell.makeCell(embedding + (movesFirst ? hidden : annotation), hidden, key: key[0])
        combine = Linear(hidden + annotation + (movesFirst ? 0 : embedding), hidden, key: key[1])
        mechanism = try configuration.makeMechanism(key: key[2])
    }

    /// What the decoder carries from step to step, for R hypotheses.
    struct State: Sendable {
        var recurrent: RecurrentState
        /// The mechanism on its way through the annotations; nil without one.
        var reader: (any MemoryReader)?
        /// The last context [R, 2H]; without a mechanism, the only one.
        var context: Tensor
        /// The last readout, fed back where the decoder moves first.
        var readout: Tensor

        /// The states of these hypotheses.
        func selecting(_ rows: [Int]) throws(ShapeError) -> State {
            var result = self
            result.recurrent = try recurrent.selecting(rows)
            if let reader { result.reader = try reader.selecting(rows) }
            result.context = try context.selecting(rows)
            result.readout = try readout.selecting(rows)
            return result
        }

        /// The states of all these hypotheses, where none is on its way through annotations: what a mechanism knows of its way is of one batch.
        static func joining(_ states: [State]) throws(ShapeError) -> State {
            guard states.allSatisfy({ $0.reader == nil }) else {
                throw ShapeError(
                    "joining", expected: "decoders that look at a summary of fixed length",
                    found: "a mechanism on its way through its own sources; step it alone")
            }
            return State(
                recurrent: try .joining(states.map(\.recurrent)), reader: nil,
                context: try concatenated(states.map(\.context), axis: 0),
                readout: try concatenated(states.map(\.readout), axis: 0))
        }

        /// This state for the hypotheses that moved, and the earlier one for those that did not; the reader knows by itself.
        func moving(_ moved: [Bool], from earlier: State) throws(ShapeError) -> State {
            var result = self
            result.recurrent = try recurrent.moving(moved, from: earlier.recurrent)
            result.context = try context.moving(moved, from: earlier.context)
            result.readout = try readout.moving(moved, from: earlier.readout)
            return result
        }
    }

    /// Embedded tokens [R, E] → weights [R, 1, 1, K] (nil without a mechanism); the readout is in the state.
    /// - Parameter moving: the hypotheses that take a step; the others stay where they were. Nil: all.
    func step(
        _ embedded: Tensor, _ state: inout State, moving: [Bool]? = nil
    ) throws(ShapeError) -> Tensor? {
        let earlier = state
        let (known, weights) = try move(embedded, &state, moving: moving, training: nil)
        state.readout = try readout(known, training: nil)
        if let moving { state = try state.moving(moving, from: earlier) }
        return weights
    }

    /// T times embedded tokens [R, E] → readouts [R, T, H], all in one product where none of them is waited for.
    func readouts(
        _ embedded: [Tensor], _ state: inout State, training key: RandomKey?
    ) throws(ShapeError) -> Tensor {
        var each: [Tensor] = []
        for (index, embedded) in embedded.enumerated() {
            let (known, _) = try move(embedded, &state, moving: nil, training: key?[index])
            if movesFirst { state.readout = try readout(known, training: key?[index]) }
            each.append(movesFirst ? state.readout : known)
        }
        let all = try stacked(each, axis: 1)
        return movesFirst ? all : try readout(all, training: key)
    }

    /// The next state, and what the readout is made of: [s; c; y] or [c; h], [R, ·].
    private func move(
        _ embedded: Tensor, _ state: inout State, moving: [Bool]?, training key: RandomKey?
    ) throws(ShapeError) -> (known: Tensor, weights: Tensor?) {
        if movesFirst {
            state.recurrent = try cell(try concatenated([embedded, state.readout], axis: 1), state.recurrent)
            let weights = try look(&state, moving: moving, training: key?[1])
            return (try concatenated([state.context, state.recurrent.hidden], axis: 1), weights)
        }
        let weights = try look(&state, moving: moving, training: key?[1])
        state.recurrent = try cell(try concatenated([embedded, state.context], axis: 1), state.recurrent)
        return (try concatenated([state.recurrent.hidden, state.context, embedded], axis: 1), weights)
    }

    /// What is known [..., ·] → readout [..., H].
    private func readout(_ known: Tensor, training key: RandomKey?) throws(ShapeError) -> Tensor {
        let readout = try combine(known, activation: .tanh)
        return key.map { readout.dropout(dropout, key: $0) } ?? readout
    }

    /// Asks the annotations with the current state.
    private func look(
        _ state: inout State, moving: [Bool]?, training key: RandomKey?
    ) throws(ShapeError) -> Tensor? {
        let hidden = state.recurrent.hidden
        let query = hidden.unsqueezed(axis: 1).unsqueezed(axis: 1)  // [R, 1, 1, H]
        guard let reading = try state.reader?.read(query, moving: moving, training: key) else { return nil }
        state.context = try reading.context.reshaped(to: [hidden.shape[0], reading.context.shape[3]])
        return reading.weights
    }

    /// `cell.…`, `mechanism.…`, `combine.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try cell.visit(&visitor, path / "cell")
        try mechanism?.visit(&visitor, path / "mechanism")
        try combine.visit(&visitor, path / "combine")
    }
}
