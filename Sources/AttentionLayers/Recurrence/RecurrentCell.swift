internal import AttentionMechanisms
public import AttentionTensors

/// One step of a recurrent network: an input and a state give the next state.
///
/// The projection of the input is a step of its own, since a sequence's inputs can all be projected at once.
public protocol RecurrentCell: Module {
    /// H.
    var hiddenSize: Int { get }
    /// x [..., I] → the input's part of the pre-activations, [..., gates · H].
    func project(_ x: Tensor) throws(ShapeError) -> Tensor
    /// Projected input [B, gates · H] and state → the next state.
    func step(_ projected: Tensor, _ state: RecurrentState) throws(ShapeError) -> RecurrentState
}

extension RecurrentCell {
    /// The state after an input [B, I].
    /// - Throws: `ShapeError` if the sizes do not fit.
    public func callAsFunction(_ x: Tensor, _ state: RecurrentState) throws(ShapeError) -> RecurrentState {
        try step(try project(x), state)
    }
}

/// What a recurrent cell carries from step to step.
public struct RecurrentState: Sendable {
    /// h, [B, H]: what others see.
    public var hidden: Tensor
    /// c, [B, H]: the long memory of an LSTM or an SSRU; nil for a GRU.
    public var cell: Tensor?

    /// A state of these parts.
    public init(hidden: Tensor, cell: Tensor? = nil) {
        self.hidden = hidden
        self.cell = cell
    }

    /// Before the first input, for B items.
    public static func zero(_ batch: Int, _ hiddenSize: Int) -> RecurrentState {
        RecurrentState(hidden: .zeros([batch, hiddenSize]))
    }

    /// This state for the items that moved, and the earlier one for those that did not.
    /// - Throws: `ShapeError` unless both are of as many items.
    public func moving(_ moved: [Bool], from earlier: RecurrentState) throws(ShapeError) -> RecurrentState {
        var result = self
        result.hidden = try hidden.moving(moved, from: earlier.hidden)
        if let cell, let before = earlier.cell { result.cell = try cell.moving(moved, from: before) }
        return result
    }

    /// The states of these items of the batch.
    /// - Throws: `ShapeError` if there is no such item.
    public func selecting(_ rows: [Int]) throws(ShapeError) -> RecurrentState {
        RecurrentState(hidden: try hidden.selecting(rows), cell: try selectingCell(rows))
    }

    /// The states of all these items, in this order; a cell that has not begun is one of zeros beside others.
    /// - Throws: `ShapeError` if there are none, or they are of different sizes.
    public static func joining(_ states: [RecurrentState]) throws(ShapeError) -> RecurrentState {
        let hidden = try concatenated(states.map(\.hidden), axis: 0)
        guard states.contains(where: { $0.cell != nil }) else { return RecurrentState(hidden: hidden) }
        let cells = states.map { $0.cell ?? .zeros($0.hidden.shape) }
        return RecurrentState(hidden: hidden, cell: try concatenated(cells, axis: 0))
    }

    private func selectingCell(_ rows: [Int]) throws(ShapeError) -> Tensor? {
        guard let cell else { return nil }
        return try cell.selecting(rows)
    }
}

/// The kinds of cell, as configurations name them.
public enum RecurrentCellKind: String, Sendable, Codable, CaseIterable {
    /// Gated recurrent unit (Cho et al. 2014).
    case gru
    /// Long short-term memory (Hochreiter & Schmidhuber 1997).
    case lstm
    /// Simpler simple recurrent unit (Kim et al. 2019).
    case ssru

    /// A new cell of this kind.
    public func makeCell(_ inputSize: Int, _ hiddenSize: Int, key: RandomKey) -> any RecurrentCell {
        switch self {
        case .gru: GRUCell(inputSize, hiddenSize, key: key)
        case .lstm: LSTMCell(inputSize, hiddenSize, key: key)
        case .ssru: SSRUCell(inputSize, hiddenSize, key: key)
        }
    }
}
