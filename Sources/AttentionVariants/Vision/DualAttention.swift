public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Attention among the places of an image beside attention among its channels, each added to the image:
///
///     position = α softmax(q_i · k_j) v + x   over places i, j;  q, k, v linear in x, unscaled
///     channel  = β softmax(A Aᵀ) A + x        with A = x as [C, H W]
///
/// *Source:* Fu et al. 2019, *Dual Attention Network for Scene Segmentation*, eq. 1–4. (The authors' code subtracts the channels' energies from
/// their maximum; this is the paper's formula.)
public struct DualAttention: Module {
    /// From C channels to A.
    public var query: Linear
    /// From C channels to A.
    public var key: Linear
    /// From C channels to C.
    public var value: Linear
    /// α, [1].
    public var positionScale: Parameter
    /// β, [1].
    public var channelScale: Parameter

    /// What the block computes, each [B, C, H, W].
    public struct Result: Sendable {
        /// The image after attention among places.
        public let position: Tensor
        /// The image after attention among channels.
        public let channel: Tensor
        /// Their sum.
        public let output: Tensor
    }

    /// A block of these parameters.
    public init(query: Linear, key: Linear, value: Linear, positionScale: Tensor, channelScale: Tensor) {
        self.query = query
        self.key = key
        self.value = value
        self.positionScale = Parameter(positionScale)
        self.channelScale = Parameter(channelScale)
    }

    /// A block for `channelCount` channels that compares places in `innerSize` (an eighth of them in the paper). α and β are 0 at first, as in
    /// the paper.
    public init(_ channelCount: Int, innerSize: Int, key: RandomKey) {
        self.init(
            query: Linear(channelCount, innerSize, key: key[0]), key: Linear(channelCount, innerSize, key: key[1]),
            value: Linear(channelCount, channelCount, key: key[2]), positionScale: .zeros([1]),
            channelScale: .zeros([1]))
    }

    /// Images [B, C, H, W] → the same after each attention, and the sum.
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O((H W)² C + H W C²) time.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Result {
        let axes = try ImageAxes(of: x, for: "dualAttention")
        try positionScale.tensor.requireShape([1], "a scale", in: "dualAttention")
        try channelScale.tensor.requireShape([1], "a scale", in: "dualAttention")
        let (places, channels) = (try axes.positions(of: x), try axes.channels(of: x))
        let read = try attend(try query(places), try key(places), try value(places))  // [B, N, C]
        try read.requireShape(places.shape, "a value map that gives", in: "dualAttention")
        let position = positionScale.tensor * (try axes.images(positions: read)) + x
        let channel = channelScale.tensor * (try axes.images(channels: try attend(channels, channels, channels))) + x
        return Result(position: position, channel: channel, output: position + channel)
    }

    /// softmax(q kᵀ) v for [B, L, …].
    private func attend(_ query: Tensor, _ keys: Tensor, _ values: Tensor) throws(ShapeError) -> Tensor {
        let mechanism = AttentionMechanism(score: .dot)
        let memory = try mechanism.remember(keys: keys.unsqueezed(axis: 1), values: values.unsqueezed(axis: 1))
        return try mechanism.attend(query.unsqueezed(axis: 1), memory).squeezed(axis: 1)
    }

    /// `query.…`, `key.…`, `value.…`, `alpha` and `beta`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try query.visit(&visitor, path / "query")
        try key.visit(&visitor, path / "key")
        try value.visit(&visitor, path / "value")
        try positionScale.visit(&visitor, path / "alpha")
        try channelScale.visit(&visitor, path / "beta")
    }
}

extension DualAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "dual_attention", "Dual attention", .vision,
        formula:
            "position = α softmax(q_i · k_j) v + x; channel = β softmax(A Aᵀ) A + x with A = x as [C, N]; output = their sum",
        cost: "O(N² C + N C²) time",
        use: "Segmentation: places read similar places, channels read related channels.",
        source: "Fu et al. 2019, Dual Attention Network for Scene Segmentation, eq. 1–4",
        example: Example(draws: "position") {
            ["input": .real($0.image()), "alpha": .real(.ones([1])), "beta": .real(.ones([1]))]
                + $0.maps(["query", "key"], 4, 8) + $0.maps(["value"], 8, 8)
        }
    ) { request in
        let block = DualAttention(
            query: try request.linear(withBias: "query"), key: try request.linear(withBias: "key"),
            value: try request.linear(withBias: "value"),
            positionScale: try request.tensor("alpha"), channelScale: try request.tensor("beta"))
        let result = try block(try request.tensor("input"))
        return [
            "position": .real(result.position), "channel": .real(result.channel), "output": .real(result.output),
        ]
    }
}
