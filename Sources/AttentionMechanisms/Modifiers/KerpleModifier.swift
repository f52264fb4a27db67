public import AttentionTensors
internal import Glibc

/// log: s_ij − r₁ ln(1 + r₂ |p − j|); power: s_ij − r₁ |p − j|^r₂; r₁ and r₂ learned per head.
///
/// *Source:* Chi et al. 2022, *KERPLE*.
public struct KerpleModifier: Modifier {
    /// How the bias falls with distance.
    public enum Variant: String, Sendable, Hashable, CaseIterable {
        /// Logarithmically.
        case log
        /// Like a power.
        case power
    }

    /// How the bias falls with distance.
    public let variant: Variant
    /// r₁, [H], above 0.
    public var rate: Parameter
    /// r₂, [H], above 0.
    public var spread: Parameter

    /// A modifier with these parameters [H].
    public init(_ variant: Variant, rate: Tensor, spread: Tensor) {
        self.variant = variant
        self.rate = Parameter(rate)
        self.spread = Parameter(spread)
    }

    /// - Throws: `ShapeError` unless there is a rate and a spread per head.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        scores - (try decay(try ScoreGrid(scores.shape, positions).allDistances(), headCount: scores.shape[1]))
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        [
            try scores.change { (distances) throws(ShapeError) in
                try decay(distances, headCount: scores.headCount) * -1
            }
        ]
    }

    /// What distances j − p [.., ..] take from the scores, [H, .., ..] or [B, H, .., ..].
    private func decay(_ distances: Tensor, headCount heads: Int) throws(ShapeError) -> Tensor {
        let distances = distances.absolute
        try require(
            rate.shape == [heads] && spread.shape == [heads], "kerple", expected: "a rate and a spread [\(heads)]",
            found: "\(rate.shape) and \(spread.shape)")
        let (rate, spread) = (
            try rate.tensor.reshaped(to: [heads, 1, 1]), try spread.tensor.reshaped(to: [heads, 1, 1])
        )
        switch variant {
        case .log:
            return rate * (spread * distances + 1).logarithm()
        case .power:
            // |d|^r = exp(r ln |d|), but 0 at d = 0.
            let logarithms = distances.mappedConstant { $0 > 0 ? logf($0) : 0 }
            let isAway = distances.mappedConstant { $0 > 0 ? 1 : 0 }
            return rate * ((spread * logarithms).exponential() * isAway)
        }
    }

    /// `rate` and `spread`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try rate.visit(&visitor, path / "rate")
        try spread.visit(&visitor, path / "spread")
    }
}

extension Modifier where Self == KerpleModifier {
    /// A kernelised bias whose parameters begin at 1.
    public static func kerple(_ variant: KerpleModifier.Variant, headCount: Int) -> KerpleModifier {
        KerpleModifier(variant, rate: .ones([headCount]), spread: .ones([headCount]))
    }
}

extension KerpleModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "kerple", "KERPLE", .modifier,
        formula: "s − r₁ ln(1 + r₂|p − j|), or s − r₁ |p − j|^r₂",
        cost: "O(QK)",
        use: "ALiBi with a learned shape.", source: "Chi et al. 2022, KERPLE",
        options: [.choice("variant", Variant.self), .offset],
        example: PartExample(["variant": .text("log")]) { _ in
            ["rate": .real(.ones([1])), "spread": .real(.ones([1]))]
        }
    ) { request in
        try request.shifted(
            KerpleModifier(
                request.options.choice("variant"), rate: request.tensor("rate"), spread: request.tensor("spread")))
    }
}
