public import AttentionTensors

/// s_ij = −|q_i − k_j|² / (2 σ²): with softmax, kernel regression.
///
/// *Source:* Nadaraya 1964; Watson 1964, *Smooth Regression Analysis*.
public struct GaussianKernelScore: Score {
    /// σ, the kernel's width, above 0.
    public let deviation: Float

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try squaredDistances(query, keys) * (-1 / (2 * deviation * deviation))
    }
}

extension Score where Self == GaussianKernelScore {
    /// The negative squared distance over twice the kernel's variance.
    public static func gaussianKernel(deviation: Float = 1) -> GaussianKernelScore {
        GaussianKernelScore(deviation: deviation)
    }
}

extension GaussianKernelScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "gaussian_kernel", "Gaussian kernel", .score,
        formula: "s = −|q − k|² / (2σ²)", cost: "O(QKD)",
        use: "Kernel regression: with softmax, the Nadaraya–Watson estimator of the values at q.",
        source: "Nadaraya 1964; Watson 1964, Smooth Regression Analysis",
        options: [.number("sigma", .positive, default: 1)],
        fresh: .plain(GaussianKernelScore.gaussianKernel()),
        example: PartExample(["sigma": .number(4)])
    ) { request in
        GaussianKernelScore.gaussianKernel(deviation: Float(try request.options.number("sigma")))
    }
}
