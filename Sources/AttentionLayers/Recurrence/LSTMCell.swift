public import AttentionTensors

/// A long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), with torch's gate order input, forget,
/// cell, output and its two biases; see `lstmStep`.
public struct LSTMCell: RecurrentCell {
    /// W_i and b_i, from the input to [4H].
    public var input: Linear
    /// W_h and b_h, from the state to [4H].
    public var hidden: Linear

    /// A cell whose parameters are drawn uniformly within ±1/√H.
    public init(_ inputSize: Int, _ hiddenSize: Int, key: RandomKey) {
        let bound = 1 / Float(hiddenSize).squareRoot()
        input = Linear(
            weight: .uniform([4 * hiddenSize, inputSize], in: -bound...bound, key: key[0]),
            bias: .uniform([4 * hiddenSize], in: -bound...bound, key: key[1]))
        hidden = Linear(
            weight: .uniform([4 * hiddenSize, hiddenSize], in: -bound...bound, key: key[2]),
            bias: .uniform([4 * hiddenSize], in: -bound...bound, key: key[3]))
    }

    public var hiddenSize: Int { hidden.weight.shape[1] }

    public func project(_ x: Tensor) throws(ShapeError) -> Tensor { try input(x) }

    /// A state without a cell starts with a cell of zeros.
    public func step(_ projected: Tensor, _ state: RecurrentState) throws(ShapeError) -> RecurrentState {
        let both = try lstmStep(
            sums: projected + (try hidden(state.hidden)), previousCell: state.cell ?? .zeros(state.hidden.shape))
        return RecurrentState(hidden: try both.at(0), cell: try both.at(1))
    }

    /// `input.…` and `hidden.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try input.visit(&visitor, path / "input")
        try hidden.visit(&visitor, path / "hidden")
    }
}
