public import AttentionTensors

/// Two recurrent networks that read a sequence from its start and from its end; an annotation is the concatenation of both states
/// (Schuster & Paliwal 1997; Bahdanau, Cho & Bengio 2015, sec. 3.2).
public struct BidirectionalRecurrence: Module {
    /// Reads from the start.
    public var forward: any RecurrentCell
    /// Reads from the end.
    public var backward: any RecurrentCell

    /// Two cells of a kind.
    public init(_ kind: RecurrentCellKind, _ inputSize: Int, _ hiddenSize: Int, key: RandomKey) {
        forward = kind.makeCell(inputSize, hiddenSize, key: key[0])
        backward = kind.makeCell(inputSize, hiddenSize, key: key[1])
    }

    /// x [B, L, I] → annotations [B, L, 2H], and the state of each direction when it has read everything.
    ///
    /// Positions at or behind an item's length are skipped: they leave the state as it is, and their annotations are 0.
    /// - Throws: `ShapeError` if the sizes do not fit.
    public func callAsFunction(
        _ x: Tensor, lengths: [Int]
    ) throws(ShapeError) -> (annotations: Tensor, forward: RecurrentState, backward: RecurrentState) {
        guard x.shape.rank == 3, lengths.count == x.shape[0] else {
            throw ShapeError("BidirectionalRecurrence", expected: "inputs [B, L, I] and B lengths", found: "\(x.shape)")
        }
        let ahead = try run(forward, x, lengths, order: Array(0..<x.shape[1]))
        let back = try run(backward, x, lengths, order: (0..<x.shape[1]).reversed())
        let annotations = try concatenated([ahead.states, back.states], axis: 2)
        return (annotations, ahead.last, back.last)
    }

    private func run(
        _ cell: any RecurrentCell, _ x: Tensor, _ lengths: [Int], order: [Int]
    ) throws(ShapeError) -> (states: Tensor, last: RecurrentState) {
        let (batch, length) = (x.shape[0], x.shape[1])
        let inputs = try cell.project(x.transposed(0, 1)).unstacked()  // L × [B, gates · H]
        var state = RecurrentState(hidden: .zeros([batch, cell.hiddenSize]))
        var outputs = [Tensor](repeating: .zeros([batch, cell.hiddenSize]), count: length)
        for position in order {
            let next = try cell.step(inputs[position], state)
            let isReal = lengths.map { position < $0 }
            if isReal.allSatisfy({ $0 }) {
                state = next
                outputs[position] = state.hidden
            } else if isReal.contains(true) {
                let real = try Tensor(isReal.map { $0 ? 1 : 0 }, shape: [batch, 1])
                state = state.replaced(by: next, where: real)
                outputs[position] = state.hidden * real
            }
        }
        return (length == 0 ? .zeros([batch, 0, cell.hiddenSize]) : try stacked(outputs, axis: 1), state)
    }

    /// `forward.…` and `backward.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try forward.visit(&visitor, path / "forward")
        try backward.visit(&visitor, path / "backward")
    }
}

extension RecurrentState {
    /// The next state where `real` [B, 1] is 1, this one where it is 0.
    fileprivate func replaced(by next: RecurrentState, where real: Tensor) -> RecurrentState {
        func mix(_ old: Tensor, _ new: Tensor) -> Tensor { old + (new - old) * real }
        let zeros = Tensor.zeros(hidden.shape)
        return RecurrentState(
            hidden: mix(hidden, next.hidden), cell: next.cell.map { mix(cell ?? zeros, $0) })
    }
}
