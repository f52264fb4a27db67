public import AttentionTensors

/// With a stride l and c summary places: local {j ≤ p : ⌊j/l⌋ = ⌊p/l⌋}, summary {j ≤ p : j mod l ≥ l − c}, or both.
///
/// *Source:* Child, Gray, Radford & Sutskever 2019, *Sparse Transformers*, sec. 4.3 (fixed attention; the parts are its two heads).
public struct FixedScope: Scope {
    /// Which of the two patterns.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// The query's own stretch of l keys.
        case local
        /// The last c keys of every stretch.
        case summary
        /// Either.
        case union
    }

    /// l.
    public let stride: Int
    /// c.
    public let summary: Int
    /// Which of the two patterns.
    public let part: Part

    /// - Throws: `ShapeError` unless the stride is at least 1 and the summary a part of it.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(stride >= 1, "fixed", expected: "a stride of at least 1", found: "\(stride)")
        try require(
            (0...stride).contains(summary), "fixed", expected: "a summary of 0 to \(stride) keys", found: "\(summary)")
        return try .pairs(query, memory, positions) { p, j in
            guard j <= p else { return false }
            let (isLocal, isSummary) = (j / stride == p / stride, j % stride >= stride - summary)
            return switch part {
            case .local: isLocal
            case .summary: isSummary
            case .union: isLocal || isSummary
            }
        }
    }
}

extension Scope where Self == FixedScope {
    /// At the query's own stretch of `stride` keys, and at the last `summary` keys of every stretch before.
    public static func fixed(_ stride: Int, summary: Int, part: FixedScope.Part = .union) -> FixedScope {
        FixedScope(stride: stride, summary: summary, part: part)
    }
}

extension FixedScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "fixed", "Fixed", .scope,
        formula: "j ≤ p with ⌊j/l⌋ = ⌊p/l⌋ or j mod l ≥ l − c",
        cost: "O(Q√K) for l = √K", use: "Data without a period: summary places pass on what a stretch holds.",
        source: "Child, Gray, Radford & Sutskever 2019, sec. 4.3",
        options: [.integer("stride"), .integer("summary"), .choice("part", Part.self, default: .union), .offset],
        example: PartExample(["stride": .number(4), "summary": .number(1)])
    ) { request in
        try request.shifted(
            FixedScope.fixed(
                request.options.integer("stride"), summary: request.options.integer("summary"),
                part: request.options.choice("part")))
    }
}
