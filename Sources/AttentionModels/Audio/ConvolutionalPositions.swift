public import AttentionTensors

/// Tells moments apart by what lies around them: a grouped convolution over many moments, its weight learned as a size and a direction for each place
/// of the kernel (Baevski et al. 2020, sec. 2; Salimans & Kingma 2016, *Weight Normalization*, eq. 2).
///
///     p = gelu(W ∗ x + b),   W[…, j] = g[j] V[…, j] / |V[…, j]|
public struct ConvolutionalPositions: Module {
    /// g, [1, 1, k].
    public var size: Parameter
    /// V, [M, M / G, k].
    public var direction: Parameter
    /// b, [M].
    public var bias: Parameter
    /// G.
    public let groupCount: Int
    /// What follows.
    public let activation: Activation

    /// Positions of these parts.
    public init(size: Parameter, direction: Parameter, bias: Parameter, groupCount: Int, activation: Activation) {
        (self.size, self.direction, self.bias) = (size, direction, bias)
        (self.groupCount, self.activation) = (groupCount, activation)
    }

    /// W.
    private func weight() throws(ShapeError) -> Tensor {
        let direction = direction.tensor
        let squares = try (direction * direction).sum(axis: 0, keepingAxis: true).sum(axis: 1, keepingAxis: true)
        return direction * (size.tensor / squares.squareRoot())
    }

    /// x [B, K, M] → what tells its moments apart, [B, K, M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        let width = direction.shape[2]
        let around = try convolution1D(
            x.transposed(1, 2), weight: try weight(), bias: bias.tensor, padding: width / 2, groupCount: groupCount)
        // A kernel of even width sees one moment too many.
        return activation(try around.sliced(axis: 2, 0..<x.shape[1])).transposed(1, 2)
    }

    /// `size`, `direction` and `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try size.visit(&visitor, path / "size")
        try direction.visit(&visitor, path / "direction")
        try bias.visit(&visitor, path / "bias")
    }
}
