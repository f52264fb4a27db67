public import AttentionTensors

/// x ↦ W ∗ x + b along one axis: `convolution1D` with what it learns.
public struct Convolution1D: Module {
    /// W, [O, C / G, k].
    public var weight: Parameter
    /// b, [O]; nil for none.
    public var bias: Parameter?
    /// How many steps lie between two places of the kernel.
    public let stride: Int
    /// How many zeros are thought before the first step and behind the last.
    public let padding: Int
    /// How many steps lie between what two neighbours of the kernel see.
    public let dilation: Int
    /// G.
    public let groupCount: Int

    /// A convolution with these parameters.
    public init(
        weight: Parameter, bias: Parameter?, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groupCount: Int = 1
    ) {
        (self.weight, self.bias, self.stride, self.padding) = (weight, bias, stride, padding)
        (self.dilation, self.groupCount) = (dilation, groupCount)
    }

    /// A convolution of `inputCount` channels into `outputCount` with a kernel of `size` steps, drawn uniformly (Glorot & Bengio 2010, eq. 16), its
    /// bias 0.
    public init(
        _ inputCount: Int, _ outputCount: Int, size: Int, hasBias: Bool = true, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groupCount: Int = 1, key: RandomKey
    ) {
        self.init(
            weight: Parameter(.kernel([outputCount, inputCount / groupCount, size], key: key)),
            bias: hasBias ? Parameter(.zeros([outputCount])) : nil, stride: stride, padding: padding,
            dilation: dilation, groupCount: groupCount)
    }

    /// [B, C, T] → [B, O, T'].
    /// - Throws: `ShapeError` if there are not C channels, or the sequence is shorter than the kernel.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try convolution1D(
            x, weight: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding, dilation: dilation,
            groupCount: groupCount)
    }

    /// `weight` and, if there is one, `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}

extension Tensor {
    /// A kernel [O, C / G, ...] drawn uniformly by how much goes into an output and comes out of an input (Glorot & Bengio 2010, eq. 16).
    static func kernel(_ shape: Shape, key: RandomKey) -> Tensor {
        let area = shape.dimensions.dropFirst(2).reduce(1, *)
        let limit = (6 / Float(max(1, (shape[0] + shape[1]) * area))).squareRoot()
        return .uniform(shape, in: -limit...limit, key: key)
    }
}
