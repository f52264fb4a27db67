public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Attention to a few learned points around each query's reference point, by several heads, in feature maps of several levels:
///
///     y_q = W_o Σ_lp softmax(W_a q)_lp (W_v x_l)(reference_ql + (W_s q)_lp / size_l)
///
/// At first a head looks in a direction of its own, one to P pixels away, and weighs all points alike.
///
/// *Source:* Zhu et al. 2021, *Deformable DETR: Deformable Transformers for End-to-End Object Detection*, eq. 2–3, sec. A.4.
public struct DeformableAttention: Module {
    /// W_v, from M to M; head h owns features h·D … (h+1)·D − 1.
    public var value: Linear
    /// W_s, from M to H · levels · P · 2: offsets in pixels.
    public var offsets: Linear
    /// W_a, from M to H · levels · P.
    public var logits: Linear
    /// W_o, from M to M.
    public var output: Linear
    /// H.
    public let headCount: Int
    /// The number of feature maps.
    public let levelCount: Int
    /// P, in each level.
    public let pointCount: Int

    /// Attention of heads of size `modelSize / headCount`.
    /// - Precondition: the model size is a multiple of the head count.
    public init(_ modelSize: Int, headCount: Int, levelCount: Int, pointCount: Int, key: RandomKey) {
        precondition(
            headCount > 0 && modelSize % headCount == 0,
            "DeformableAttention: expected a model size that is a multiple of \(headCount) heads, found \(modelSize)")
        let count = headCount * levelCount * pointCount
        value = Linear(modelSize, modelSize, key: key[0])
        offsets = Linear(
            weight: .zeros([2 * count, modelSize]),
            bias: Self.directions(headCount: headCount, levelCount: levelCount, pointCount: pointCount))
        logits = Linear(weight: .zeros([count, modelSize]), bias: .zeros([count]))
        output = Linear(modelSize, modelSize, key: key[1])
        (self.headCount, self.levelCount, self.pointCount) = (headCount, levelCount, pointCount)
    }

    /// Queries [B, Q, M] and places [B, Σ h w, M], one level after another → [B, Q, M], and the weights [B, Q, H, levels · P].
    ///
    /// - Parameters:
    ///   - references: where each query stands in each level, (x, y) in [0, 1], [B, Q, levels, 2].
    ///   - levels: the size of each level.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ query: Tensor, references: Tensor, places: Tensor, levels: [(height: Int, width: Int)]
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        guard query.shape.rank == 3, places.shape.rank == 3, levels.count == levelCount else {
            throw ShapeError(
                "deformableAttention",
                expected: "queries [B, Q, M] and places [B, Σ h w, M] of \(levelCount) levels",
                found: "\(query.shape) and \(places.shape) of \(levels.count)")
        }
        let (batch, count) = (query.shape[0], query.shape[1])
        try references.requireShape([batch, count, levelCount, 2], "references", in: "deformableAttention")
        let sizes = try Tensor(levels.flatMap { [Float($0.width), Float($0.height)] }, shape: [levelCount, 1, 2])
        let steps = try offsets(query).reshaped(to: [batch, count, headCount, levelCount, pointCount, 2])
        let anchors = try references.reshaped(to: [batch, count, 1, levelCount, 1, 2])
        let values = try value(places)
        let (read, weights) = try deformableAttention(
            value: try values.reshaped(
                to: [batch, places.shape[1], headCount, values.shape[2] / headCount]), levels: levels,
            locations: anchors + steps / sizes,
            logits: try logits(query).reshaped(to: [batch, count, headCount, levelCount * pointCount]))
        return (try output(try read.reshaped(to: [batch, count, values.shape[2]])), weights)
    }

    /// The first offsets: head h looks along the angle 2π h / H, to the edge of a square, and point p goes p + 1 times as far.
    private static func directions(headCount: Int, levelCount: Int, pointCount: Int) -> Tensor {
        Tensor(shape: [headCount, levelCount, pointCount, 2]) { out in
            for index in 0..<headCount * levelCount * pointCount {
                let angle = 2 * Double.pi * Double(index / (levelCount * pointCount)) / Double(headCount)
                let (x, y) = (cos(angle), sin(angle))
                let distance = Double(index % pointCount + 1) / max(abs(x), abs(y))
                (out[2 * index], out[2 * index + 1]) = (Float(x * distance), Float(y * distance))
            }
        }.viewed(as: [2 * headCount * levelCount * pointCount])
    }

    /// `value_proj.…`, `sampling_offsets.…`, `attention_weights.…` and `output_proj.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try value.visit(&visitor, path / "value_proj")
        try offsets.visit(&visitor, path / "sampling_offsets")
        try logits.visit(&visitor, path / "attention_weights")
        try output.visit(&visitor, path / "output_proj")
    }
}

extension DeformableAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "deformable", "Deformable attention", .vision,
        formula: "y = Σ_lp softmax(logits)_lp value_l(location_lp), bilinear between pixels, zeros outside",
        cost: "O(Q H P D) time, for P points in all levels: the image's size does not enter",
        use:
            "Feature maps too large for attention to every place: a query looks at a few points that it learns to aim.",
        source: "Zhu et al. 2021, Deformable DETR, eq. 2–3",
        options: [.other("shapes", "a list of [height, width]")],
        example: Example(["shapes": .list([.list([.number(6), .number(6)])])]) {
            [
                "value": .real($0.parameter("value", [1, 36, 1, 4])),
                "sampling_locations": .real($0.parameter("sampling_locations", [1, 6, 1, 1, 4, 2]).sigmoid()),
                "logits": .real($0.parameter("logits", [1, 6, 1, 4]) * 4),
            ]
        }
    ) { request in
        let (output, weights) = try deformableAttention(
            value: try request.tensor("value"), levels: try levels(request.options),
            locations: try request.tensor("sampling_locations"), logits: try request.tensor("logits"))
        return ["output": .real(output), "weights": .real(weights)]
    }

    private static func levels(_ options: Options) throws(RequestError) -> [(height: Int, width: Int)] {
        guard let value = try options.value("shapes") else {
            throw .missingOption("shapes", mechanism: options.owner)
        }
        func refused() -> RequestError {
            .unfitOption("shapes of \(options.owner)", expected: "a list of [height, width]", found: "\(value)")
        }
        guard case .list(let list) = value else { throw refused() }
        var levels: [(height: Int, width: Int)] = []
        for level in list {
            guard case .list(let sizes) = level, sizes.count == 2, case .number(let first) = sizes[0],
                case .number(let second) = sizes[1], let height = Int(exactly: first), let width = Int(exactly: second)
            else { throw refused() }
            levels.append((height, width))
        }
        return levels
    }
}
