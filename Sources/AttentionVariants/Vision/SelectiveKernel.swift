public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Several views of an image, such as convolutions with kernels of several sizes, mixed channel by channel:
///
///     z = relu(W mean_hw(Σ_m u_m) + b),  a_mc = softmax_m(s_mc · z),  y_c = Σ_m a_mc u_mc
///
/// *Source:* Li et al. 2019, *Selective Kernel Networks*, sec. 3.1, without batch norm.
public struct SelectiveKernel: Module {
    /// W and b, from C channels to d.
    public var fc: Linear
    /// s, [M, C, d].
    public var selectors: Parameter

    /// A block of these parameters.
    public init(fc: Linear, selectors: Tensor) {
        self.fc = fc
        self.selectors = Parameter(selectors)
    }

    /// A block for `branchCount` views of `channelCount` channels, squeezed to `reducedSize`.
    public init(_ channelCount: Int, branchCount: Int, reducedSize: Int, key: RandomKey) {
        self.init(
            fc: Linear(channelCount, reducedSize, key: key[0]),
            selectors: .glorot([branchCount, channelCount, reducedSize], key: key[1]))
    }

    /// Branches u [B, M, C, H, W] → their mixture [B, C, H, W], and the weights a [B, M, C].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ branches: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let shape = branches.shape
        guard shape.rank == 5, selectors.shape.rank == 3, selectors.shape[0] == shape[1],
            selectors.shape[1] == shape[2]
        else {
            throw ShapeError(
                "selectiveKernel", expected: "branches [B, M, C, H, W] for selectors [M, C, d]",
                found: "\(shape) and \(selectors.shape)")
        }
        let sum = try branches.sum(axis: 1)
        let squeezed = try fc(try ImageAxes(of: sum, for: "selectiveKernel").means(of: sum), activation: .relu)
        let (branchCount, channelCount) = (shape[1], shape[2])
        let scores = try linear(
            squeezed, weight: try selectors.reshaped(to: [branchCount * channelCount, selectors.shape[2]]))
        let byBranch = try scores.reshaped(to: [shape[0], branchCount, channelCount])
        let weights = try byBranch.transposed().softmax().transposed()  // [B, M, C]
        let scaled = branches * (try weights.reshaped(to: [shape[0], branchCount, channelCount, 1, 1]))
        return (try scaled.sum(axis: 1), weights)
    }

    /// `fc.…` and `select.weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try fc.visit(&visitor, path / "fc")
        try selectors.visit(&visitor, path / "select" / "weight")
    }
}

extension SelectiveKernel {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "selective_kernel", "Selective kernel", .vision,
        formula: "z = relu(W mean_hw(Σ_m u_m) + b); a_mc = softmax_m(s_mc · z); y_c = Σ_m a_mc u_mc",
        cost: "O(M C H W) time, for M branches",
        use: "Branches with kernels of different sizes: each channel chooses its field of view.",
        source: "Li et al. 2019, Selective Kernel Networks, sec. 3.1",
        example: Example {
            ["branches": .real($0.parameter("branches", [1, 3, 8, 6, 6]) * 2)] + $0.maps(["fc"], 4, 8)
                + $0.parameters(["select.weight": [3, 8, 4]])
        }
    ) { request in
        let block = SelectiveKernel(
            fc: try request.linear(withBias: "fc"), selectors: try request.tensor("select.weight"))
        let (output, weights) = try block(try request.tensor("branches"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
