public import AttentionTensors

/// Another scope, whose queries stand further on: p + shift instead of p.
///
/// For scopes that disagree about where the queries stand, as independent masks of one specification may.
public struct ShiftedScope: Scope {
    /// Whose region is taken.
    public let base: any Scope
    /// What is added to the position of every query.
    public let shift: Int

    /// `base`, its queries `shift` positions further on.
    public init(_ base: some Scope, by shift: Int) {
        self.base = base
        self.shift = shift
    }

    /// - Throws: `ShapeError` if the base does, or no query can stand there.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try base.region(query: query, memory: memory, positions: try positions.advanced(by: shift))
    }
}

extension Scope where Self == ShiftedScope {
    /// Another scope, its queries `shift` positions further on.
    public static func shifted(_ base: some Scope, by shift: Int) -> ShiftedScope { ShiftedScope(base, by: shift) }
}

extension Request {
    /// The scope for queries that stand the option `offset` further on.
    func shifted(_ scope: some Scope) throws -> any Scope {
        let offset = try options.integer("offset")
        return offset == 0 ? scope : ShiftedScope(scope, by: offset)
    }
}
