public import AttentionTensors

/// Another scope, whose queries stand further on: p = i + offset + shift.
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
    public func region(query: Tensor, keys: Tensor, offset: Int) throws(ShapeError) -> Region {
        try base.region(query: query, keys: keys, offset: try offset.shifted(by: shift))
    }
}

extension Scope where Self == ShiftedScope {
    /// Another scope, its queries `shift` positions further on.
    public static func shifted(_ base: some Scope, by shift: Int) -> ShiftedScope { ShiftedScope(base, by: shift) }
}

extension Int {
    /// A position moved on.
    /// - Throws: `ShapeError` beyond ±2⁴⁰, where arithmetic with positions would leave its range.
    func shifted(by shift: Int) throws(ShapeError) -> Int {
        let (sum, overflow) = addingReportingOverflow(shift)
        try require(
            !overflow && (-(1 << 40)...1 << 40).contains(sum), "offset", expected: "a position of at most 2⁴⁰",
            found: "\(self) + \(shift)")
        return sum
    }
}
