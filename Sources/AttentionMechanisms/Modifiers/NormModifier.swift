public import AttentionTensors

/// Normalises queries and keys, each head over its features or all heads together, and multiplies by a gain per feature if there is one.
///
/// *Source:* l2: Henry et al. 2020, *Query-Key Normalization for Transformers* (their g is the score's scale); rms: as in Qwen3; layer:
/// Dehghani et al. 2023, *Scaling Vision Transformers to 22 Billion Parameters*, sec. 2; all heads together: OLMo Team 2025, *2 OLMo 2
/// Furious*, sec. 2.1.
public struct NormModifier: Modifier {
    /// What is one vector.
    public enum Extent: Sendable, Hashable {
        /// The D features of a head.
        case head
        /// The H · D features of all heads of a position.
        case allHeads
    }

    /// What a vector is divided by.
    public let norm: VectorNorm
    /// What is one vector.
    public let extent: Extent
    /// [D], of all heads [H D], or nil for 1.
    public var queryGain: Parameter?
    /// [D], of all heads [Hk D], or nil for 1.
    public var keyGain: Parameter?
    /// ε.
    public let epsilon: Float

    /// A modifier of this norm with these gains, nil for 1.
    public init(
        norm: VectorNorm, over extent: Extent = .head, queryGain: Tensor?, keyGain: Tensor?, epsilon: Float = 1e-6
    ) {
        self.norm = norm
        self.extent = extent
        self.queryGain = queryGain.map { Parameter($0) }
        self.keyGain = keyGain.map { Parameter($0) }
        self.epsilon = epsilon
    }

    /// - Throws: `ShapeError` unless the gain has a number per feature.
    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try normalized(query, gain: queryGain?.tensor)
    }

    /// - Throws: `ShapeError` unless the gain has a number per feature.
    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try normalized(keys, gain: keyGain?.tensor)
    }

    private func normalized(_ x: Tensor, gain: Tensor?) throws(ShapeError) -> Tensor {
        switch extent {
        case .head: return try normalizedRows(x, gain: gain)
        case .allHeads:
            let (rowCount, headCount, length, size) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
            let joined = try x.transposed(1, 2).reshaped(to: [rowCount, length, headCount * size])
            return try normalizedRows(joined, gain: gain).reshaped(to: [rowCount, length, headCount, size])
                .transposed(1, 2)
        }
    }

    private func normalizedRows(_ x: Tensor, gain: Tensor?) throws(ShapeError) -> Tensor {
        let unit = x.normalizedRows(norm, epsilon: epsilon)
        guard let gain else { return unit }
        try require(gain.shape == [x.shape[-1]], "qkNorm", expected: "a gain [\(x.shape[-1])]", found: "\(gain.shape)")
        return unit * gain
    }

    public var leavesScores: Bool { true }

    /// `gain_query` and `gain_key`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try queryGain.visit(&visitor, path / "gain_query")
        try keyGain.visit(&visitor, path / "gain_key")
    }
}

extension Modifier where Self == NormModifier {
    /// Vectors of length 1.
    public static func qkNorm(epsilon: Float = 1e-6) -> NormModifier {
        NormModifier(norm: .l2, queryGain: nil, keyGain: nil, epsilon: epsilon)
    }

    /// Vectors in this norm, times gains that begin at 1.
    public static func qkNorm(_ norm: VectorNorm, headSize: Int, epsilon: Float = 1e-6) -> NormModifier {
        NormModifier(norm: norm, queryGain: .ones([headSize]), keyGain: .ones([headSize]), epsilon: epsilon)
    }
}

extension NormModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "qk_norm", "Query–key normalization", .modifier,
        formula: "x / max(|x|, ε), x / rms(x) · g, or LayerNorm(x) · g, for q and k", cost: "O((Q + K)D)",
        use: "Large models and high learning rates: scores cannot grow without bound.",
        source: "Henry et al. 2020; Dehghani et al. 2023, ViT-22B, sec. 2; Qwen3",
        options: [
            .choice("norm", VectorNorm.self, default: .l2), .number("epsilon", .from(0), default: 1e-6), .offset,
        ],
        example: PartExample(["norm": .text("rms")]) {
            ["gain_query": .real(.ones([$0.size])), "gain_key": .real(.ones([$0.size]))]
        }
    ) { request in
        let norm: VectorNorm = try request.options.choice("norm")
        return try request.shifted(
            NormModifier(
                norm: norm, queryGain: norm == .l2 ? nil : request.tensor(ifPresent: "gain_query"),
                keyGain: norm == .l2 ? nil : request.tensor(ifPresent: "gain_key"),
                epsilon: Float(request.options.number("epsilon"))))
    }
}
