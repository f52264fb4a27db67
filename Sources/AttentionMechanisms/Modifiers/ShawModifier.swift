public import AttentionTensors

/// Learned vectors for near relative positions r = clamp(j − p, −c, c) + c: scores q_i · (k_j + relative_key[r]) · scale, and the context
/// Σ_j w_ij (v_j + relative_value[r]).
///
/// For the score `.scaledDot`, or `.dot` with a scale of 1.
///
/// *Source:* Shaw, Uszkoreit & Vaswani 2018, *Self-Attention with Relative Position Representations*, eq. 3–4 (the paper's a^K, a^V, k).
public struct ShawModifier: Modifier {
    /// [2c + 1, D].
    public var relativeKey: Parameter
    /// [2c + 1, Dv].
    public var relativeValue: Parameter
    /// c, beyond which positions are not told apart.
    public let clip: Int
    /// The score's own factor; nil means 1 / √D.
    public let scale: Float?

    /// A modifier with these vectors.
    public init(relativeKey: Tensor, relativeValue: Tensor, clip: Int, scale: Float? = nil) {
        self.relativeKey = Parameter(relativeKey)
        self.relativeValue = Parameter(relativeValue)
        self.clip = clip
        self.scale = scale
    }

    /// - Throws: `ShapeError` unless there is a key vector of the queries' size for each relative position.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        let places = try RelativePlaces(clip: clip, scores: scores.shape, positions)
        let size = query.shape[3]
        try require(
            relativeKey.shape == [places.count, size], "shaw", expected: "relative keys [\(places.count), \(size)]",
            found: "\(relativeKey.shape)")
        let factor = scale ?? 1 / Float(max(size, 1)).squareRoot()
        return scores + places.spread(try matmul(query, relativeKey.tensor.transposed()) * factor)
    }

    /// - Throws: `ShapeError` unless there is a value vector of the context's size for each relative position.
    public func modify(context: Tensor, weights: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        let places = try RelativePlaces(clip: clip, scores: weights.shape, positions)
        let size = context.shape[3]
        try require(
            relativeValue.shape == [places.count, size], "shaw",
            expected: "relative values [\(places.count), \(size)]", found: "\(relativeValue.shape)")
        return context + (try matmul(places.collect(weights), relativeValue.tensor))
    }

    /// `relative_key` and `relative_value`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try relativeKey.visit(&visitor, path / "relative_key")
        try relativeValue.visit(&visitor, path / "relative_value")
    }
}

extension Modifier where Self == ShawModifier {
    /// Shaw's relative positions up to `clip` away, their vectors drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func shaw(clip: Int, headSize: Int, valueSize: Int, key: RandomKey) -> ShawModifier {
        let count = 2 * max(clip, 0) + 1
        return ShawModifier(
            relativeKey: .glorot([count, headSize], key: key[0]),
            relativeValue: .glorot([count, valueSize], key: key[1]),
            clip: clip)
    }
}

extension ShawModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "shaw", "Relative position representations", .modifier,
        formula: "s = q · (k + a^K_r) scale, o = Σ w (v + a^V_r), r = clamp(j − p, −c, c)",
        cost: "O(QK + (Q + c)D)",
        use: "Relative positions that change what is read, too; the first of their kind.",
        source: "Shaw, Uszkoreit & Vaswani 2018, eq. 3–4",
        options: [.integer("clip"), .offset],
        example: PartExample(["clip": .number(2)]) {
            $0.parameters(["relative_key": [5, $0.size], "relative_value": [5, $0.size]])
        }
    ) { request in
        try request.shifted(
            ShawModifier(
                relativeKey: request.tensor("relative_key"), relativeValue: request.tensor("relative_value"),
                clip: request.options.integer("clip"), scale: request.productScale))
    }
}
