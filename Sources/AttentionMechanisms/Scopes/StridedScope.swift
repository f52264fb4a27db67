public import AttentionTensors

/// With a stride l: local {p − l ≤ j ≤ p}, strided {j ≤ p : (p − j) mod l = 0}, or both.
///
/// *Source:* Child, Gray, Radford & Sutskever 2019, *Sparse Transformers*, sec. 4.3 (strided attention; the parts are its two heads).
public struct StridedScope: Scope {
    /// Which of the two patterns.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// The stride before the query.
        case local
        /// Every l-th key, counted back from the query.
        case strided
        /// Either.
        case union
    }

    /// l.
    public let stride: Int
    /// Which of the two patterns.
    public let part: Part

    /// - Throws: `ShapeError` unless the stride is at least 1.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(stride >= 1, "strided", expected: "a stride of at least 1", found: "\(stride)")
        switch part {
        case .local:
            return try .band(query, memory, positions, left: stride, right: 0)
        case .strided:
            return try .pairs(query, memory, positions) { p, j in j <= p && (p - j) % stride == 0 }
        case .union:
            return try .pairs(query, memory, positions) { p, j in
                j <= p && (p - j <= stride || (p - j) % stride == 0)
            }
        }
    }
}

extension Scope where Self == StridedScope {
    /// At the stride before the query, and at every `stride`-th key before that.
    public static func strided(_ stride: Int, part: StridedScope.Part = .union) -> StridedScope {
        StridedScope(stride: stride, part: part)
    }
}

extension StridedScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "strided", "Strided", .scope,
        formula: "p − l ≤ j ≤ p, or j ≤ p with (p − j) mod l = 0",
        cost: "O(Q√K) for l = √K", use: "Data with a period, such as rows of images or bars of music.",
        source: "Child, Gray, Radford & Sutskever 2019, Sparse Transformers, sec. 4.3",
        options: [.integer("stride"), .choice("part", Part.self, default: .union), .offset],
        example: PartExample(["stride": .number(3)])
    ) { request in
        try request.shifted(
            StridedScope.strided(request.options.integer("stride"), part: request.options.choice("part")))
    }
}
