public import AttentionMechanisms
public import AttentionTensors

/// Channels weighted by what the whole image holds: x_c · s_c with s = σ(W₂ relu(W₁ z + b₁) + b₂), z the channels' means.
///
/// *Source:* Hu, Shen & Sun 2018, *Squeeze-and-Excitation Networks*, eq. 2–4.
public struct SqueezeExcitation: Module {
    /// W₁ and b₁, from C channels to fewer.
    public var fc1: Linear
    /// W₂ and b₂, back to C.
    public var fc2: Linear

    /// A block of these maps.
    public init(fc1: Linear, fc2: Linear) {
        self.fc1 = fc1
        self.fc2 = fc2
    }

    /// A block for `channelCount` channels, squeezed to `reducedSize` (a sixteenth in the paper).
    public init(_ channelCount: Int, reducedSize: Int, key: RandomKey) {
        self.init(
            fc1: Linear(channelCount, reducedSize, key: key[0]), fc2: Linear(reducedSize, channelCount, key: key[1]))
    }

    /// Images [B, C, H, W] weighted, and the weights s [B, C].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "squeezeExcitation")
        let weights = try fc2(try fc1(try axes.means(of: x), activation: .relu)).sigmoid()
        return (try axes.scaled(x, by: weights, for: "squeezeExcitation"), weights)
    }

    /// `fc1.…` and `fc2.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try fc1.visit(&visitor, path / "fc1")
        try fc2.visit(&visitor, path / "fc2")
    }
}

extension SqueezeExcitation {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "squeeze_excitation", "Squeeze-and-excitation", .vision,
        formula: "y = x · σ(W₂ relu(W₁ mean_hw(x) + b₁) + b₂), a weight per channel",
        cost: "O(C H W + C r) time, 2 C r parameters for r hidden units",
        use:
            "After a convolution, to let the whole image decide which channels matter; cheap, and hard to beat at its price.",
        source: "Hu, Shen & Sun 2018, Squeeze-and-Excitation Networks, eq. 2–4",
        example: Example {
            ["input": .real($0.image())]
                + $0.parameters(["fc1.weight": [4, 8], "fc1.bias": [4], "fc2.weight": [8, 4], "fc2.bias": [8]])
        }
    ) { request in
        let block = SqueezeExcitation(
            fc1: try request.linear(withBias: "fc1"), fc2: try request.linear(withBias: "fc2"))
        let (output, weights) = try block(try request.tensor("input"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
