public import AttentionTensors

/// s ← cap · tanh(s / cap): scores stay within ±cap. Put it before biases.
///
/// *Source:* Gemma Team 2024, *Gemma 2*, sec. 2.
public struct SoftcapModifier: Modifier {
    /// The bound.
    public let cap: Float

    /// - Throws: `ShapeError` unless the cap is above 0.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try check()
        return (scores / cap).hyperbolicTangent() * cap
    }

    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        try check()
        return [.cap(cap)]
    }

    private func check() throws(ShapeError) {
        try require(cap > 0 && cap.isFinite, "softcap", expected: "a cap above 0", found: "\(cap)")
    }
}

extension Modifier where Self == SoftcapModifier {
    /// Scores squeezed into ±`cap`.
    public static func softcap(_ cap: Float) -> SoftcapModifier { SoftcapModifier(cap: cap) }
}

extension SoftcapModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "softcap", "Soft cap", .modifier,
        formula: "s ← cap · tanh(s / cap)", cost: "O(QK)",
        use: "Scores stay within ±cap. Put it before biases.", source: "Gemma Team 2024, Gemma 2, sec. 2",
        options: [.number("cap"), .offset],
        example: PartExample(["cap": .number(1)])
    ) { request in
        try request.shifted(SoftcapModifier.softcap(Float(request.options.number("cap"))))
    }
}
