import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Channels weighted by their neighbours among the channels: x_c · s_c with s = σ(w ∗ z), z the channels' means, w a kernel of k taps.
///
/// *Source:* Wang et al. 2020, *ECA-Net: Efficient Channel Attention for Deep Convolutional Neural Networks*, sec. 3.2.
public struct EfficientChannelAttention: Module {
    /// w, [1, 1, k] with k odd; zeros are thought beyond the first and the last channel.
    public var kernel: Parameter

    /// A block with this kernel.
    public init(kernel: Tensor) { self.kernel = Parameter(kernel) }

    /// A block with a kernel of `size` taps, drawn uniformly within ±1/√k.
    public init(kernelSize: Int, key: RandomKey) {
        let bound = 1 / Float(max(1, kernelSize)).squareRoot()
        self.init(kernel: .uniform([1, 1, kernelSize], in: -bound...bound, key: key))
    }

    /// Images [B, C, H, W] weighted, and the weights s [B, C].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "efficientChannelAttention")
        guard kernel.shape.rank == 3, kernel.shape[0] == 1, kernel.shape[1] == 1, kernel.shape[2] % 2 == 1 else {
            throw ShapeError(
                "efficientChannelAttention", expected: "a kernel [1, 1, k] with k odd", found: "\(kernel.shape)")
        }
        let size = kernel.shape[2]
        let means = try axes.means(of: x).reshaped(to: [axes.batch, 1, 1, axes.channelCount])
        let sums = try convolution2D(
            means, weight: try kernel.tensor.reshaped(to: [1, 1, 1, size]), padding: (rows: 0, columns: size / 2))
        let weights = try sums.reshaped(to: [axes.batch, axes.channelCount]).sigmoid()
        return (try axes.scaled(x, by: weights, for: "efficientChannelAttention"), weights)
    }

    /// `conv.weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try kernel.visit(&visitor, path / "conv" / "weight")
    }
}

extension EfficientChannelAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "eca", "Efficient channel attention", .vision,
        formula: "y = x · σ(w ∗ mean_hw(x)), a convolution of k taps along the channels",
        cost: "O(C H W + C k) time, k parameters",
        use: "Channel weights for a handful of parameters, where squeeze-and-excitation is too heavy.",
        source: "Wang et al. 2020, ECA-Net, sec. 3.2",
        example: Example { ["input": .real($0.image())] + $0.parameters(["conv.weight": [1, 1, 3]]) }
    ) { request in
        let block = EfficientChannelAttention(kernel: try request.tensor("conv.weight"))
        let (output, weights) = try block(try request.tensor("input"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
