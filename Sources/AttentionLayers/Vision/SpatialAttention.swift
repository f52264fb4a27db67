public import AttentionTensors

/// Places weighted by what means and maxima over the channels around them tell: x · σ(w ∗ [mean_c x; max_c x]).
///
/// *Source:* Woo et al. 2018, *CBAM: Convolutional Block Attention Module*, eq. 3, without batch norm.
public struct SpatialAttention: Module {
    /// w, [1, 2, k, k] with k odd; zeros are thought around the image.
    public var kernel: Parameter

    /// Attention with this kernel.
    public init(kernel: Tensor) { self.kernel = Parameter(kernel) }

    /// Attention with a kernel of `kernelSize` (7 in the paper), drawn uniformly within ±1/√(2 k²).
    public init(kernelSize: Int = 7, key: RandomKey) {
        let bound = 1 / Float(max(1, 2 * kernelSize * kernelSize)).squareRoot()
        self.init(kernel: .uniform([1, 2, kernelSize, kernelSize], in: -bound...bound, key: key))
    }

    /// Images [B, C, H, W] weighted, and the weights [B, 1, H, W].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "spatialAttention")
        guard kernel.shape.rank == 4, kernel.shape == [1, 2, kernel.shape[2], kernel.shape[2]],
            kernel.shape[2] % 2 == 1
        else {
            throw ShapeError("spatialAttention", expected: "a kernel [1, 2, k, k] with k odd", found: "\(kernel.shape)")
        }
        let means = try x.sum(axis: 1) / Float(max(1, axes.channelCount))
        let summary = try stacked([means, try x.maximum(axis: 1)], axis: 1)  // [B, 2, H, W]
        let margin = kernel.shape[2] / 2
        let weights = try convolution2D(summary, weight: kernel.tensor, padding: (margin, margin)).sigmoid()
        return (x * weights, weights)
    }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try kernel.visit(&visitor, path / "weight")
    }
}
