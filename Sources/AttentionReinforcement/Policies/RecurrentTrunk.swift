import AttentionLayers
import AttentionTensors

/// What the policies with memory begin with: h_t = LSTM(tanh(W o_t), h_{t−1}).
struct RecurrentTrunk: Module {
    private var encoder: Linear
    private var cell: LSTMCell

    init(_ layout: ObservationLayout, hiddenSize: Int, key: RandomKey) {
        encoder = Linear(layout.size, hiddenSize, key: key[0])
        cell = LSTMCell(hiddenSize, hiddenSize, key: key[1])
    }

    /// Before the first step.
    func begin(_ episodeCount: Int) -> RecurrentState {
        RecurrentState(
            hidden: .zeros([episodeCount, cell.hiddenSize]), cell: .zeros([episodeCount, cell.hiddenSize]))
    }

    /// h of a step, [B, O] → [B, M]; a row that begins comes from zeros.
    func step(_ observations: Tensor, _ state: inout RecurrentState, begins: [Bool]) throws(ShapeError) -> Tensor {
        if begins.contains(true) { state = try begin(begins.count).moving(begins, from: state) }
        state = try cell(encoder(observations).hyperbolicTangent(), state)
        return state.hidden
    }

    /// h of all steps, [B, T, O] → [B, T, M].
    func read(_ observations: Tensor) throws(ShapeError) -> Tensor {
        let inputs = try cell.project(encoder(observations).hyperbolicTangent().transposed(0, 1)).unstacked()
        var state = begin(observations.shape[0])
        var hidden: [Tensor] = []
        for input in inputs {
            state = try cell.step(input, state)
            hidden.append(state.hidden)
        }
        return try stacked(hidden, axis: 1)
    }

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try cell.visit(&visitor, path / "cell")
    }
}
