public import AttentionTensors

/// s_ij = scale · q_i · k_j, with scale = 1 / √D unless given.
///
/// *Source:* Vaswani et al. 2017, *Attention Is All You Need*, eq. 1.
public struct ScaledDotScore: Score {
    /// The factor; nil means 1 / √D.
    public var scale: Float?

    /// Inner products times a factor; nil means 1 / √D.
    public init(scale: Float? = nil) { self.scale = scale }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        try innerProducts(query, keys, scale: scale(for: query.shape[-1]))
    }

    public func innerProductScale(size: Int) -> Float? { scale(for: size) }

    private func scale(for size: Int) -> Float { scale ?? 1 / Float(max(size, 1)).squareRoot() }
}

extension Score where Self == ScaledDotScore {
    /// The inner product divided by √D.
    public static var scaledDot: ScaledDotScore { ScaledDotScore() }

    /// The inner product times a factor of your own.
    public static func scaledDot(scale: Float) -> ScaledDotScore { ScaledDotScore(scale: scale) }
}

extension ScaledDotScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "scaled_dot", "Scaled dot product", .score,
        formula: "s = q · k / √D, or a scale of your own",
        cost: "O(QKD)",
        use: "The standard of Transformers: the scale keeps softmax from saturating however large the heads are.",
        source: "Vaswani et al. 2017, Attention Is All You Need, eq. 1",
        options: [.number("scale", else: "1 / √D")],
        fresh: .plain(ScaledDotScore.scaledDot)
    ) { request in
        ScaledDotScore(scale: try request.options.number(ifGiven: "scale").map { Float($0) })
    }
}
