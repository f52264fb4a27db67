public import AttentionTensors

/// A gated recurrent unit (Cho et al. 2014), with torch's gate order reset, update, new and its two biases; see `gruStep`.
public struct GRUCell: RecurrentCell {
    /// W_i and b_i, from the input to [3H].
    public var input: Linear
    /// W_h and b_h, from the state to [3H].
    public var hidden: Linear

    /// A cell with these maps, to [3H] both.
    public init(input: Linear, hidden: Linear) {
        self.input = input
        self.hidden = hidden
    }

    /// A cell whose parameters are drawn uniformly within ±1/√H.
    public init(_ inputSize: Int, _ hiddenSize: Int, key: RandomKey) {
        let bound = 1 / Float(hiddenSize).squareRoot()
        input = Linear(
            weight: .uniform([3 * hiddenSize, inputSize], in: -bound...bound, key: key[0]),
            bias: .uniform([3 * hiddenSize], in: -bound...bound, key: key[1]))
        hidden = Linear(
            weight: .uniform([3 * hiddenSize, hiddenSize], in: -bound...bound, key: key[2]),
            bias: .uniform([3 * hiddenSize], in: -bound...bound, key: key[3]))
    }

    public var hiddenSize: Int { hidden.weight.shape[1] }

    public func project(_ x: Tensor) throws(ShapeError) -> Tensor { try input(x) }

    public func step(_ projected: Tensor, _ state: RecurrentState) throws(ShapeError) -> RecurrentState {
        RecurrentState(
            hidden: try gruStep(input: projected, hidden: try hidden(state.hidden), previous: state.hidden))
    }

    /// `input.…` and `hidden.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try input.visit(&visitor, path / "input")
        try hidden.visit(&visitor, path / "hidden")
    }
}
