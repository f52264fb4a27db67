public import AttentionTensors

/// (x − mean) / √(variance + ε) · gain + bias, channel by channel of [B, C, ...] (Ioffe & Szegedy 2015, *Batch Normalization*, alg. 2), by
/// statistics that are saved with the parameters and not trained.
public struct BatchNorm: Module {
    /// The gain, [C]; named `weight` in checkpoints.
    public var gain: Parameter
    /// The bias, [C].
    public var bias: Parameter
    /// The mean of what the norm has seen, [C]; a buffer.
    public var mean: Parameter
    /// Its variance, [C]; a buffer.
    public var variance: Parameter
    /// ε.
    public var epsilon: Float

    /// A norm with these parameters [C].
    public init(gain: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5) {
        (self.gain, self.bias, self.epsilon) = (Parameter(gain), Parameter(bias), epsilon)
        (self.mean, self.variance) = (Parameter(mean, role: .buffer), Parameter(variance, role: .buffer))
    }

    /// A norm of `count` channels that has seen nothing: mean 0, variance 1.
    public init(_ count: Int, epsilon: Float = 1e-5) {
        self.init(
            gain: .ones([count]), bias: .zeros([count]), mean: .zeros([count]), variance: .ones([count]),
            epsilon: epsilon)
    }

    /// [B, C, ...] → [B, C, ...], by the statistics that are kept.
    /// - Throws: `ShapeError` if there are not C channels.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.batchNormalized(
            mean: mean.tensor, variance: variance.tensor, gain: gain.tensor, bias: bias.tensor, epsilon: epsilon)
    }

    /// The same by the statistics of x itself, which those that are kept move towards: mean ← mean + momentum (mean of x − mean), and the
    /// variance likewise, towards the unbiased one.
    /// - Throws: `ShapeError` if there are not C channels, or fewer than two numbers in each.
    public mutating func train(on x: Tensor, momentum: Float = 0.1) throws(ShapeError) -> Tensor {
        let count = x.shape.elementCount / max(1, gain.shape[0])
        guard x.shape.rank >= 2, x.shape[1] == gain.shape[0], count > 1 else {
            throw ShapeError(
                "BatchNorm", expected: "a batch [B, \(gain.shape[0]), ...] of two numbers or more for each channel",
                found: "\(x.shape)")
        }
        let batch = try x.channelStatistics()
        let unbiased = batch.variance.detached() * (Float(count) / Float(count - 1))
        mean = mean.replacing(with: mean.tensor + momentum * (batch.mean.detached() - mean.tensor))
        variance = variance.replacing(with: variance.tensor + momentum * (unbiased - variance.tensor))
        return try x.batchNormalized(
            mean: batch.mean, variance: batch.variance, gain: gain.tensor, bias: bias.tensor, epsilon: epsilon)
    }

    /// `weight` (the gain), `bias`, `running_mean` and `running_var`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try gain.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
        try mean.visit(&visitor, path / "running_mean")
        try variance.visit(&visitor, path / "running_var")
    }
}
