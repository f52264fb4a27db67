public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Self-attention among all places of an image, added to it: x + W_z y + b_z with y_i = Σ_j f(x_i, x_j) g(x_j).
///
/// *Source:* Wang, Girshick, Gupta & He 2018, *Non-local Neural Networks*, eq. 1–6.
public struct NonLocalBlock: Module {
    /// f, with its normalization.
    public var pairwise: PairwiseFunction
    /// g, from C channels to A.
    public var value: Linear
    /// W_z and b_z, from A channels to C.
    public var output: Linear

    /// A block of these parts.
    public init(pairwise: PairwiseFunction, value: Linear, output: Linear) {
        self.pairwise = pairwise
        self.value = value
        self.output = output
    }

    /// A block for `channelCount` channels that computes in `innerSize` (half of them in the paper). W_z is 0, so that at first the block
    /// changes nothing (sec. 4.1).
    public init(_ channelCount: Int, innerSize: Int, pairwise: PairwiseFunction, key: RandomKey) {
        self.init(
            pairwise: pairwise, value: Linear(channelCount, innerSize, key: key),
            output: Linear(weight: .zeros([channelCount, innerSize]), bias: .zeros([channelCount])))
    }

    /// Images [B, C, H, W] → [B, C, H, W], by way of a fused kernel where f is a softmax.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(_ x: Tensor) throws(ShapeError) -> Tensor {
        let axes = try ImageAxes(of: x, for: "nonLocal")
        let places = try axes.positions(of: x)  // [B, N, C]
        guard let (query, key) = try pairwise.softmaxOperands(places) else { return try align(x).output }
        let mechanism = AttentionMechanism(score: .dot)
        let memory = try mechanism.remember(
            keys: key.unsqueezed(axis: 1), values: try value(places).unsqueezed(axis: 1))
        let read = try mechanism.attend(query.unsqueezed(axis: 1), memory).squeezed(axis: 1)
        return try add(read, to: x, axes)
    }

    /// Images [B, C, H, W] → [B, C, H, W], and where each place looked, [B, N, N].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "nonLocal")
        let places = try axes.positions(of: x)
        let weights = try pairwise.weights(places)
        return (try add(try matmul(weights, try value(places)), to: x, axes), weights)
    }

    /// x + W_z y + b_z for what the places read, [B, N, A].
    private func add(_ read: Tensor, to x: Tensor, _ axes: ImageAxes) throws(ShapeError) -> Tensor {
        let branch = try axes.images(positions: try output(read))
        try branch.requireShape(x.shape, "an output map that gives", in: "nonLocal")
        return x + branch
    }

    /// The parameters of f (`theta.…`, `phi.…`, `concat.weight`), `g.…` and `z.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try pairwise.visit(&visitor, path)
        try value.visit(&visitor, path / "g")
        try output.visit(&visitor, path / "z")
    }
}

extension NonLocalBlock {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "non_local", "Non-local block", .vision,
        formula:
            "y = x + W_z Σ_j f(x_i, x_j) g(x_j) + b_z; f: softmax(x_i · x_j), softmax(θ_i · φ_j), θ_i · φ_j / N or relu(w · [θ_i; φ_j]) / N",
        cost: "O(N² A) time, O(N²) memory, for N places",
        use: "Self-attention inside a convolutional network, where distant places (or frames) explain each other.",
        source: "Wang, Girshick, Gupta & He 2018, Non-local Neural Networks, eq. 1–6",
        options: [.choice("pairwise", PairwiseFunction.Name.self)],
        example: Example(["pairwise": .text("embedded")]) {
            ["input": .real($0.image())] + $0.maps(["theta", "phi", "g"], 4, 8) + $0.maps(["z"], 8, 4)
        }
    ) { request in
        let block = NonLocalBlock(
            pairwise: try PairwiseFunction(of: request), value: try request.linear(withBias: "g"),
            output: try request.linear(withBias: "z"))
        let (output, weights) = try block.align(try request.tensor("input"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
