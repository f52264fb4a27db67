public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// An image as one vector: its mean, as a query with several heads, reads from itself and from all places, with learned positions.
///
///     t = [mean; x_1 … x_N] + p,  y = W_o · attend(q(t_0), k(t), v(t)) + b_o
///
/// *Source:* Radford et al. 2021, *Learning Transferable Visual Models From Natural Language Supervision* (CLIP), sec. 2.4.
public struct AttentionPool2D: Module {
    /// p, [1 + H W, C].
    public var positions: Parameter
    /// Queries, keys and values below one another, from C to 3C.
    public var projection: Linear
    /// W_o and b_o, from C to O.
    public var output: Linear
    /// H.
    public let headCount: Int

    /// A pooling with these parameters.
    public init(positions: Tensor, projection: Linear, output: Linear, headCount: Int) {
        self.positions = Parameter(positions)
        self.projection = projection
        self.output = output
        self.headCount = headCount
    }

    /// A pooling of images of one size to vectors of `outputSize`.
    public init(
        _ channelCount: Int, height: Int, width: Int, outputSize: Int, headCount: Int, key: RandomKey
    ) {
        self.init(
            positions: .normal(
                [1 + height * width, channelCount], deviation: 1 / Float(channelCount).squareRoot(), key: key[0]),
            projection: Linear(channelCount, 3 * channelCount, key: key[1]),
            output: Linear(channelCount, outputSize, key: key[2]), headCount: headCount)
    }

    /// Images [B, C, H, W] → vectors [B, O], and where each head of the mean looked, [B, heads, 1 + H W].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "attentionPool2D")
        let (size, count) = (axes.channelCount, 1 + axes.positionCount)
        guard headCount > 0, size % headCount == 0 else {
            throw ShapeError(
                "attentionPool2D", expected: "channels that are a multiple of the heads",
                found: "\(size) channels and \(headCount) heads")
        }
        try positions.tensor.requireShape([count, size], "positions", in: "attentionPool2D")
        let mean = try axes.means(of: x).unsqueezed(axis: 1)
        let tokens = try concatenated([mean, try axes.positions(of: x)], axis: 1) + positions.tensor  // [B, 1 + N, C]
        let projected = try projection(tokens)
        try projected.requireShape([axes.batch, count, 3 * size], "a projection that gives", in: "attentionPool2D")
        let heads = try projected.reshaped(to: [axes.batch, count, 3, headCount, size / headCount])
            .permuted([2, 0, 3, 1, 4])  // [3, B, H, 1 + N, D]
        let mechanism = AttentionMechanism()
        let memory = try mechanism.remember(keys: try heads.at(1), values: try heads.at(2))
        let alignment = try mechanism.align(try heads.at(0).sliced(axis: 2, 0..<1), memory)
        let read = try alignment.context.reshaped(to: [axes.batch, size])
        return (try output(read), try alignment.weights.squeezed(axis: 2))
    }

    /// `pos_embed`, `qkv.…` and `proj.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try positions.visit(&visitor, path / "pos_embed")
        try projection.visit(&visitor, path / "qkv")
        try output.visit(&visitor, path / "proj")
    }
}

extension AttentionPool2D {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "attention_pool_2d", "Attention pooling of an image", .vision,
        formula: "t = [mean; x_1 … x_N] + p; y = W_o attend(q(t_0), k(t), v(t)) + b_o, with several heads",
        cost: "O(N C²) time, O(N C) memory, for N places",
        use:
            "One vector for an image that asks with its own mean, in place of average pooling; CLIP's image encoder ends so.",
        source:
            "Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision, sec. 2.4",
        options: [.integer("heads")],
        example: Example(["heads": .number(2)]) {
            ["input": .real($0.image())] + $0.parameters(["pos_embed": [37, 8]]) + $0.maps(["qkv"], 24, 8)
                + $0.maps(["proj"], 4, 8)
        }
    ) { request in
        let pooling = AttentionPool2D(
            positions: try request.tensor("pos_embed"), projection: try request.linear(withBias: "qkv"),
            output: try request.linear(withBias: "proj"), headCount: try request.options.integer("heads"))
        let (output, weights) = try pooling(try request.tensor("input"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
