public import AttentionTensors

/// s_ij + bias_ij, with a tensor of your own that can be repeated to [B, H, Q, K]. Entries of −∞ exclude their pair.
/// NaN and +∞ are refused.
public struct BiasModifier: Modifier {
    /// Rank 0 to 4, repeated from the right.
    public var bias: Parameter

    /// A modifier that adds this bias.
    public init(bias: Tensor) { self.bias = Parameter(bias) }

    /// - Throws: `ShapeError` unless the bias can be repeated to the scores' shape and holds numbers, or −∞.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try check(scores.shape)
        return scores + (try finiteBias())
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? { [.bias(try finiteBias())] }

    /// The pairs whose bias is not −∞.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let values = bias.tensor.values
        guard values.contains(-.infinity) else { return .everywhere }
        try check(Shape(query.shape.dimensions.dropLast() + [memory.keyCount]))
        return .mask(
            Mask(
                shape: bias.shape.rank == 0 ? [1] : bias.shape,
                bytes: values.map { $0 == -.infinity ? 0 : 1 }))
    }

    /// The bias with 0 for −∞, whose gradient is 0.
    private func finiteBias() throws(ShapeError) -> Tensor {
        let values = bias.tensor.values
        if let index = values.firstIndex(where: { $0.isNaN || $0 == .infinity }) {
            throw ShapeError(
                "bias", expected: "numbers, or −∞ to exclude a pair", found: "\(values[index]) at \(index)")
        }
        guard values.contains(-.infinity) else { return bias.tensor }
        return bias.tensor.mapped({ $0 == -.infinity ? 0 : $0 }, derivative: { x, _ in x == -.infinity ? 0 : 1 })
    }

    private func check(_ scores: Shape) throws(ShapeError) {
        try require(
            bias.shape.broadcast(with: scores) == scores, "bias", expected: "a bias that can be repeated to \(scores)",
            found: "\(bias.shape)")
    }

    /// `bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try bias.visit(&visitor, path / "bias")
    }
}

extension Modifier where Self == BiasModifier {
    /// A bias that can be repeated to [B, H, Q, K], −∞ for pairs that may not meet.
    public static func bias(_ bias: Tensor) -> BiasModifier { BiasModifier(bias: bias) }
}

extension BiasModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "bias", "Additive bias", .modifier,
        formula: "s + bias, −∞ excludes", cost: "O(QK)",
        use: "Whatever you know about the pairs beforehand.", source: "Common practice",
        options: [.offset],
        example: PartExample { ["bias": .real($0.parameter("bias", [$0.length, 1]))] }
    ) { request in
        try request.shifted(BiasModifier.bias(request.tensor("bias")))
    }
}
