public import AttentionTensors

/// x ↦ W ∗ x + b over images: `convolution2D` with what it learns.
public struct Convolution2D: Module {
    /// W, [O, C / G, h, w].
    public var weight: Parameter
    /// b, [O]; nil for none.
    public var bias: Parameter?
    /// How many rows and columns lie between two places of the kernel.
    public let stride: (rows: Int, columns: Int)
    /// How many rows of zeros are thought above and below, and columns on both sides.
    public let padding: (rows: Int, columns: Int)
    /// How many rows and columns lie between what two neighbours of the kernel see.
    public let dilation: (rows: Int, columns: Int)
    /// G.
    public let groupCount: Int

    /// A convolution with these parameters.
    public init(
        weight: Parameter, bias: Parameter?, stride: (rows: Int, columns: Int) = (1, 1),
        padding: (rows: Int, columns: Int) = (0, 0), dilation: (rows: Int, columns: Int) = (1, 1), groupCount: Int = 1
    ) {
        (self.weight, self.bias, self.stride, self.padding) = (weight, bias, stride, padding)
        (self.dilation, self.groupCount) = (dilation, groupCount)
    }

    /// A convolution of `inputCount` channels into `outputCount` with a kernel of `size`, drawn uniformly (Glorot & Bengio 2010, eq. 16), its bias
    /// 0.
    public init(
        _ inputCount: Int, _ outputCount: Int, size: (rows: Int, columns: Int), hasBias: Bool = true,
        stride: (rows: Int, columns: Int) = (1, 1), padding: (rows: Int, columns: Int) = (0, 0),
        dilation: (rows: Int, columns: Int) = (1, 1), groupCount: Int = 1, key: RandomKey
    ) {
        self.init(
            weight: Parameter(.kernel([outputCount, inputCount / groupCount, size.rows, size.columns], key: key)),
            bias: hasBias ? Parameter(.zeros([outputCount])) : nil, stride: stride, padding: padding,
            dilation: dilation, groupCount: groupCount)
    }

    /// [B, C, H, W] → [B, O, H', W'].
    /// - Throws: `ShapeError` if there are not C channels, or the image is smaller than the kernel.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try convolution2D(
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
