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
    public var mechanism: AttentionMechanism?
    /// The map behind the readout: W, or W_c.
    public var combine: Linear
    private let movesFirst: Bool
    private let dropout: Float

    /// A decoder of this configuration.
    public init(_ configuration: RecurrentTranslatorConfiguration, key: RandomKey) {
        let (embedding, hidden, annotation) = (
            configuration.embeddingSize, configuration.hiddenSize, configuration.annotationSize
        )
        let scoreKey = key[2]
        movesFirst = [.dot, .general, .concat].contains(configuration.attention)
        dropout = configuration.dropout
        cell = configuration.cell.makeCell(embedding + (movesFirst ? hidden : annotation), hidden, key: key[0])
        combine = Linear(hidden + annotation + (movesFirst ? 0 : embedding), hidden, key: key[1])
        mechanism =
            switch configuration.attention {
            case .none: nil
            case .additive:
                AttentionMechanism(
                    score: .additive(querySize: hidden, keySize: annotation, hiddenSize: hidden, key: scoreKey))
            case .dot: AttentionMechanism(score: .dot)
            case .general: AttentionMechanism(score: .general(querySize: hidden, keySize: annotation, key: scoreKey))
            case .concat:
                AttentionMechanism(
                    score: .concat(querySize: hidden, keySize: annotation, hiddenSize: hidden, key: scoreKey))
            }
    }

    /// What the decoder carries from step to step, for R hypotheses.
    struct State: Sendable {
        var recurrent: RecurrentState
        /// The annotations behind the mechanism; nil without one.
        var memory: Memory?
        /// The last context [R, 2H]; without a mechanism, the only one.
        var context: Tensor
        /// The last readout, fed back where the decoder moves first.
        var readout: Tensor
    }

    /// Embedded tokens [R, E] → readout [R, H] and weights [R, 1, 1, K] (nil without a mechanism).
    func step(
        _ embedded: Tensor, _ state: inout State, training key: RandomKey?
    ) throws(ShapeError) -> Tensor? {
        var weights: Tensor?
        if movesFirst {
            state.recurrent = try cell(try concatenated([embedded, state.readout], axis: 1), state.recurrent)
            weights = try look(&state)
            state.readout = try combine(
                try concatenated([state.context, state.recurrent.hidden], axis: 1), activation: .tanh)
        } else {
            weights = try look(&state)
            state.recurrent = try cell(try concatenated([embedded, state.context], axis: 1), state.recurrent)
            state.readout = try combine(
                try concatenated([state.recurrent.hidden, state.context, embedded], axis: 1), activation: .tanh)
        }
        if let key { state.readout = state.readout.dropout(dropout, key: key) }
        return weights
    }

    /// Asks the memory with the current state.
    private func look(_ state: inout State) throws(ShapeError) -> Tensor? {
        guard let mechanism, let memory = state.memory else { return nil }
        let hidden = state.recurrent.hidden
        let alignment = try mechanism.align(hidden.unsqueezed(axis: 1).unsqueezed(axis: 1), memory)
        state.context = try alignment.context.reshaped(to: [hidden.shape[0], memory.values.shape[3]])
        return alignment.weights
    }

    /// `cell.…`, `mechanism.score.…`, `combine.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try cell.visit(&visitor, path / "cell")
        try mechanism.visit(&visitor, path / "mechanism")
        try combine.visit(&visitor, path / "combine")
    }
}
