public import AttentionTensors

/// s_ij + bias_ij, with a tensor of your own that can be repeated to [B, H, Q, K]. Entries of −∞ exclude their pair.
public struct BiasModifier: Modifier {
    /// Rank 0 to 4, repeated from the right.
    public var bias: Tensor

    /// A modifier that adds this bias.
    public init(bias: Tensor) { self.bias = bias }

    /// - Throws: `ShapeError` unless the bias can be repeated to the scores' shape.
    public func modify(scores: Tensor, offset: Int) throws(ShapeError) -> Tensor {
        try check(scores.shape)
        return scores + finiteBias
    }

    public func changes(of scores: ScoreGrid) -> [ScoreChange]? { [.bias(finiteBias)] }

    /// The pairs whose bias is not −∞.
    public func region(query: Tensor, keys: Tensor, offset: Int) throws(ShapeError) -> Region {
        let values = bias.values
        guard values.contains(-.infinity) else { return .everywhere }
        try check(Shape(query.shape.dimensions.dropLast() + [keys.shape[2]]))
        return .mask(
            Mask(
                shape: bias.shape.rank == 0 ? [1] : bias.shape,
                bytes: values.map { $0 == -.infinity ? 0 : 1 }))
    }

    /// The bias with 0 for −∞. No gradient comes back from an excluded pair, so the bias takes what comes as it is.
    private var finiteBias: Tensor {
        let values = bias.values
        guard values.contains(-.infinity) else { return bias }
        return Tensor(shape: bias.shape) { out in
            for (index, value) in values.enumerated() { out[index] = value == -.infinity ? 0 : value }
        }.derived(from: bias) { upstream, gradients in gradients.add(upstream, to: bias) }
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
