public import AttentionTensors

/// A simpler simple recurrent unit, one gate and no product with the state, so that a step costs next to nothing:
///
///     f = σ(x W_f + b_f),  c' = f ⊙ c + (1 − f) ⊙ x W,  h' = max(c', 0)
///
/// *Source:* Kim et al. 2019, *From Research to Production and Back: Ludicrously Fast Neural Machine Translation*, sec. 3.1. The cell c is
/// the long memory; what others see is h.
public struct SSRUCell: RecurrentCell {
    /// W, from the input to [H].
    public var candidate: Linear
    /// W_f and b_f, from the input to [H].
    public var forget: Linear

    /// A cell with these maps, to [H] both.
    public init(candidate: Linear, forget: Linear) { (self.candidate, self.forget) = (candidate, forget) }

    /// A cell whose matrices are drawn uniformly (Glorot & Bengio 2010).
    public init(_ inputSize: Int, _ hiddenSize: Int, key: RandomKey) {
        candidate = Linear(inputSize, hiddenSize, hasBias: false, key: key[0])
        forget = Linear(inputSize, hiddenSize, key: key[1])
    }

    public var hiddenSize: Int { candidate.weight.shape[0] }

    /// x [..., I] → x W and x W_f + b_f side by side, [..., 2H].
    public func project(_ x: Tensor) throws(ShapeError) -> Tensor {
        try concatenated([try candidate(x), try forget(x)], axis: x.shape.rank - 1)
    }

    /// A state without a cell starts with a cell of zeros.
    public func step(_ projected: Tensor, _ state: RecurrentState) throws(ShapeError) -> RecurrentState {
        let size = hiddenSize
        guard projected.shape == [state.hidden.shape[0], 2 * size] else {
            throw ShapeError(
                "SSRUCell", expected: "projected inputs [\(state.hidden.shape[0]), \(2 * size)]",
                found: "\(projected.shape)")
        }
        let new = try projected.sliced(axis: 1, 0..<size)
        let kept = try projected.sliced(axis: 1, size..<2 * size).sigmoid()
        let cell = new + kept * ((state.cell ?? .zeros(state.hidden.shape)) - new)
        return RecurrentState(hidden: cell.relu(), cell: cell)
    }

    /// `candidate.…` and `forget.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try candidate.visit(&visitor, path / "candidate")
        try forget.visit(&visitor, path / "forget")
    }
}
