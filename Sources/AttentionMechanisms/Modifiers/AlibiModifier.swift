public import AttentionTensors
internal import Glibc

/// s_ij − slope_h |p − j|, or, in causal use, s_ij + slope_h (j − p): the further away, the less; each head with a slope of its own.
///
/// *Source:* Press, Smith & Lewis 2022, *Train Short, Test Long* (ALiBi), sec. 3.
public struct AlibiModifier: Modifier {
    /// Whether keys after the query are as far as keys before it; else they come nearer (and are to be masked).
    public let isSymmetric: Bool

    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        scores + (try bias(try ScoreGrid(scores.shape, positions).allDistances(), headCount: scores.shape[1]))
    }

    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        [
            try scores.change { (distances) throws(ShapeError) in
                try bias(distances, headCount: scores.headCount)
            }
        ]
    }

    /// [H, ..] for distances j − p, or [B, H, ..].
    private func bias(_ distances: Tensor, headCount: Int) throws(ShapeError) -> Tensor {
        let towards = isSymmetric ? distances.absolute * -1 : distances
        let slopes = try Tensor(Self.slopes(headCount: headCount).map { Float($0) }, shape: [headCount, 1, 1])
        return slopes * towards
    }

    /// slope_h = 2^(−8 (h + 1) / P) for h < P, the largest power of two within the head count; the other heads take
    /// 2^(−8 (2x + 1) / 2P), x = 0, 1, …: every other slope of twice as many heads.
    public static func slopes(headCount: Int) -> [Double] {
        guard headCount > 0 else { return [] }
        let power = 1 << (Int.bitWidth - 1 - headCount.leadingZeroBitCount)
        return (0..<headCount).map { head in
            head < power
                ? exp2(-8 * Double(head + 1) / Double(power))
                : exp2(-8 * Double(2 * (head - power) + 1) / Double(2 * power))
        }
    }
}

extension Modifier where Self == AlibiModifier {
    /// Linear biases; `symmetric` where queries look ahead too.
    public static func alibi(symmetric: Bool = true) -> AlibiModifier { AlibiModifier(isSymmetric: symmetric) }
}

extension AlibiModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "alibi", "ALiBi", .modifier,
        formula: "s − m_h |p − j|", cost: "O(QK)",
        use: "Reads longer texts than it was trained on, without any position embedding.",
        source: "Press, Smith & Lewis 2022, Train Short, Test Long, sec. 3",
        options: [.truth("symmetric", default: true), .offset],
        aside: Aside([.integer("heads", .size)], compute: slopes)
    ) { request in
        try request.shifted(AlibiModifier.alibi(symmetric: request.options.truth("symmetric")))
    }
}

extension AlibiModifier {
    /// `slopes` of so many heads as the option `heads` says.
    private static func slopes(_ request: Request) throws -> Outputs {
        let count = try request.options.integer("heads")
        guard count <= 1 << 20 else { throw request.options.unfit("heads", "at most 2²⁰", .number(Double(count))) }
        let slopes = slopes(headCount: count)
        return ["slopes": .real(try Tensor(slopes.map(Float.init), shape: [slopes.count]))]
    }
}
