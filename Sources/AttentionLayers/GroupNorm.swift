public import AttentionTensors

/// (x − mean) / √(variance + ε) · gain + bias with the statistics of each group of channels of [B, C, ...] (Wu & He 2018, *Group
/// Normalization*).
public struct GroupNorm: Module {
    /// The gain, [C]; named `weight` in checkpoints.
    public var gain: Parameter
    /// The bias, [C].
    public var bias: Parameter
    /// How many groups the channels are in.
    public let groupCount: Int
    /// ε.
    public var epsilon: Float

    /// A norm with these parameters [C].
    public init(groupCount: Int, gain: Tensor, bias: Tensor, epsilon: Float = 1e-5) {
        (self.gain, self.bias) = (Parameter(gain), Parameter(bias))
        (self.groupCount, self.epsilon) = (groupCount, epsilon)
    }

    /// A norm of `count` channels that at first only standardises.
    public init(_ count: Int, groupCount: Int, epsilon: Float = 1e-5) {
        self.init(groupCount: groupCount, gain: .ones([count]), bias: .zeros([count]), epsilon: epsilon)
    }

    /// [B, C, ...] → [B, C, ...].
    /// - Throws: `ShapeError` if there are not C channels.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.groupNormalized(groupCount: groupCount, gain: gain.tensor, bias: bias.tensor, epsilon: epsilon)
    }

    /// `weight` (the gain) and `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}
