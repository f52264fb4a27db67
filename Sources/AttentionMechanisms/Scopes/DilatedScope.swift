public import AttentionTensors

/// (p − j) mod d = 0 and −right · d ≤ p − j ≤ left · d: a window with holes, that reaches d times as far.
///
/// *Source:* Beltagy, Peters & Cohan 2020, *Longformer*, sec. 3.1.
public struct DilatedScope: Scope {
    /// How many neighbours before the query.
    public let left: Int
    /// How many neighbours after the query.
    public let right: Int
    /// d, the distance between neighbours.
    public let dilation: Int

    /// - Throws: `ShapeError` unless the dilation is at least 1 and no count is negative.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try require(dilation >= 1, "dilated", expected: "a dilation of at least 1", found: "\(dilation)")
        try require(
            left >= 0 && right >= 0, "dilated", expected: "at least 0 neighbours on a side", found: "\(left), \(right)")
        return try .pairs(query, memory, positions) { p, j in
            let steps = (p - j).quotientAndRemainder(dividingBy: dilation)
            return steps.remainder == 0 && -right <= steps.quotient && steps.quotient <= left
        }
    }
}

extension Scope where Self == DilatedScope {
    /// At every `dilation`-th key, `left` of them before and `right` after the query's own.
    public static func dilated(left: Int, right: Int, dilation: Int) -> DilatedScope {
        DilatedScope(left: left, right: right, dilation: dilation)
    }
}

extension DilatedScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "dilated", "Dilated window", .scope,
        formula: "(p − j) mod d = 0, −right · d ≤ p − j ≤ left · d",
        cost: "O(Q(left + right))", use: "A window that reaches d times as far for the same cost.",
        source: "Beltagy, Peters & Cohan 2020, Longformer, sec. 3.1",
        options: [.integer("left", .size), .integer("right", .size), .integer("dilation"), .offset],
        example: PartExample(["left": .number(2), "right": .number(2), "dilation": .number(2)])
    ) { request in
        try request.shifted(
            DilatedScope.dilated(
                left: request.options.integer("left"), right: request.options.integer("right"),
                dilation: request.options.integer("dilation")))
    }
}
