public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// One summary of the image, the same for all places, added to each: x + W₂ relu(norm(W₁ c)) with c = Σ_j softmax_j(w · x_j + b) x_j.
///
/// *Source:* Cao et al. 2019, *GCNet: Non-local Networks Meet Squeeze-Excitation Networks and Beyond*, eq. 5.
public struct GlobalContext: Module {
    /// w, [C].
    public var attentionWeight: Parameter
    /// b, [1]. It would move all scores alike, so nothing depends on it; checkpoints have it.
    public var attentionBias: Parameter
    /// W₁, from C channels to fewer.
    public var fc1: Linear
    /// The norm between both maps.
    public var norm: LayerNorm
    /// W₂, back to C.
    public var fc2: Linear

    /// A block of these parameters.
    public init(attentionWeight: Tensor, attentionBias: Tensor, fc1: Linear, norm: LayerNorm, fc2: Linear) {
        self.attentionWeight = Parameter(attentionWeight)
        self.attentionBias = Parameter(attentionBias)
        self.fc1 = fc1
        self.norm = norm
        self.fc2 = fc2
    }

    /// A block for `channelCount` channels, squeezed to `reducedSize` (a sixteenth in the paper).
    public init(_ channelCount: Int, reducedSize: Int, key: RandomKey) {
        self.init(
            attentionWeight: .glorot([channelCount], key: key[0]), attentionBias: .zeros([1]),
            fc1: Linear(channelCount, reducedSize, key: key[1]), norm: LayerNorm(reducedSize),
            fc2: Linear(reducedSize, channelCount, key: key[2]))
    }

    /// Images [B, C, H, W] → [B, C, H, W], and how much each place counts for the summary, [B, H W].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "globalContext")
        let places = try axes.positions(of: x)
        try attentionBias.tensor.requireShape([1], "a bias", in: "globalContext")
        let pooled = try PooledSequence(query: attentionWeight.tensor, keys: places, values: places)
        let branch = try fc2(try norm(try fc1(pooled.output)).relu())
        try branch.requireShape([axes.batch, axes.channelCount], "a second map that gives", in: "globalContext")
        return (x + (try branch.reshaped(to: [axes.batch, axes.channelCount, 1, 1])), pooled.weights)
    }

    /// `attention.weight`, `attention.bias`, `fc1.…`, `norm.…` and `fc2.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try attentionWeight.visit(&visitor, path / "attention" / "weight")
        try attentionBias.visit(&visitor, path / "attention" / "bias")
        try fc1.visit(&visitor, path / "fc1")
        try norm.visit(&visitor, path / "norm")
        try fc2.visit(&visitor, path / "fc2")
    }
}

extension GlobalContext {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "global_context", "Global context", .vision,
        formula: "c = Σ_j softmax_j(w · x_j + b) x_j; y = x + W₂ relu(norm(W₁ c + b₁)) + b₂",
        cost: "O(C H W + C r) time",
        use:
            "What a non-local block mostly learns, one summary for all places, at the price of squeeze-and-excitation.",
        source: "Cao et al. 2019, GCNet, eq. 5",
        options: [.number("epsilon", .from(0), default: 1e-5)],
        example: Example {
            ["input": .real($0.image()), "norm.weight": .real(.ones([4])), "norm.bias": .real(.zeros([4]))]
                + $0.parameters(["attention.weight": [8], "attention.bias": [1]]) + $0.maps(["fc1"], 4, 8)
                + $0.maps(["fc2"], 8, 4)
        }
    ) { request in
        let block = GlobalContext(
            attentionWeight: try request.tensor("attention.weight"),
            attentionBias: try request.tensor("attention.bias"), fc1: try request.linear(withBias: "fc1"),
            norm: try request.layerNorm("norm", epsilon: try request.options.number("epsilon")),
            fc2: try request.linear(withBias: "fc2"))
        let (output, weights) = try block(try request.tensor("input"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
