public import AttentionMechanisms
public import AttentionTensors

/// First channels, then places are weighted, each by what means and maxima tell:
///
///     x' = x · σ(mlp(mean_hw x) + mlp(max_hw x)),  mlp = W₂ relu(W₁ ·)
///     y  = x' · σ(w ∗ [mean_c x'; max_c x'])
///
/// *Source:* Woo et al. 2018, *CBAM: Convolutional Block Attention Module*, eq. 1–3, without batch norm.
public struct ConvolutionalBlockAttention: Module {
    /// W₁, from C channels to fewer, without a bias.
    public var fc1: Linear
    /// W₂, back to C, without a bias.
    public var fc2: Linear
    /// What weighs places.
    public var spatial: SpatialAttention

    /// What the block computes.
    public struct Result: Sendable {
        /// [B, C, H, W].
        public let output: Tensor
        /// [B, C].
        public let channelWeights: Tensor
        /// [B, 1, H, W].
        public let spatialWeights: Tensor
    }

    /// A block of these parameters.
    public init(fc1: Linear, fc2: Linear, kernel: Tensor) {
        self.fc1 = fc1
        self.fc2 = fc2
        spatial = SpatialAttention(kernel: kernel)
    }

    /// A block for `channelCount` channels, squeezed to `reducedSize`, with a spatial kernel of `kernelSize` (7 in the paper).
    public init(_ channelCount: Int, reducedSize: Int, kernelSize: Int = 7, key: RandomKey) {
        fc1 = Linear(channelCount, reducedSize, hasBias: false, key: key[0])
        fc2 = Linear(reducedSize, channelCount, hasBias: false, key: key[1])
        spatial = SpatialAttention(kernelSize: kernelSize, key: key[2])
    }

    /// Images [B, C, H, W] weighted, and both weights.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Result {
        let axes = try ImageAxes(of: x, for: "convolutionalBlockAttention")
        let largest = try axes.channels(of: x).maximum(axis: 2)
        let channelWeights = (try perceive(try axes.means(of: x)) + (try perceive(largest))).sigmoid()
        let gated = try axes.scaled(x, by: channelWeights, for: "convolutionalBlockAttention")
        let (output, spatialWeights) = try spatial(gated)
        return Result(output: output, channelWeights: channelWeights, spatialWeights: spatialWeights)
    }

    /// W₂ relu(W₁ z).
    private func perceive(_ z: Tensor) throws(ShapeError) -> Tensor { try fc2(try fc1(z, activation: .relu)) }

    /// `fc1.weight`, `fc2.weight` and `conv.weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try fc1.visit(&visitor, path / "fc1")
        try fc2.visit(&visitor, path / "fc2")
        try spatial.visit(&visitor, path / "conv")
    }
}

extension ConvolutionalBlockAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "cbam", "Convolutional block attention", .vision,
        formula: "x' = x · σ(mlp(mean_hw x) + mlp(max_hw x)); y = x' · σ(w ∗ [mean_c x'; max_c x'])",
        cost: "O(C H W + H W k²) time",
        use: "Channels first, then places: what to look for and where, in any convolutional network.",
        source: "Woo et al. 2018, CBAM, eq. 1–3",
        example: Example(draws: "spatial_weights") {
            ["input": .real($0.image())]
                + $0.parameters(["fc1.weight": [4, 8], "fc2.weight": [8, 4], "conv.weight": [1, 2, 3, 3]])
        }
    ) { request in
        let block = ConvolutionalBlockAttention(
            fc1: try request.linear(withoutBias: "fc1"), fc2: try request.linear(withoutBias: "fc2"),
            kernel: try request.tensor("conv.weight"))
        let result = try block(try request.tensor("input"))
        return [
            "output": .real(result.output), "channel_weights": .real(result.channelWeights),
            "spatial_weights": .real(result.spatialWeights),
        ]
    }
}
