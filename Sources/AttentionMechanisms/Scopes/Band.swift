/// A diagonal band of pairs: query i may meet key j when lowest ≤ j − i ≤ highest; nil leaves a side open.
///
/// Causality, windows and their intersections are all bands, so a kernel that knows bands knows them all.
public struct Band: Sendable, Hashable {
    /// The least j − i; nil lets a query look back without end.
    public let lowest: Int?
    /// The greatest j − i; nil lets a query look ahead without end.
    public let highest: Int?

    /// The band lowest ≤ j − i ≤ highest; without any pair if lowest > highest.
    ///
    /// Bounds beyond any sequence are brought to ±2⁴⁰, so that arithmetic with them stays in range.
    public init(lowest: Int?, highest: Int?) {
        self.lowest = lowest.map { $0.clamped(to: Self.reach) }
        self.highest = highest.map { $0.clamped(to: Self.reach) }
    }

    /// The band p − left ≤ j ≤ p + right around position p = i + offset; nil leaves a side open.
    init(around offset: Int, left: Int?, right: Int?) {
        let offset = offset.clamped(to: Self.reach)
        self.init(
            lowest: left.map { offset - $0.clamped(to: 2 * Self.reach) },
            highest: right.map { offset + $0.clamped(to: 2 * Self.reach) })
    }

    private static let reach = 1 << 40

    /// Whether query i and key j are in the band.
    func contains(_ i: Int, _ j: Int) -> Bool {
        (lowest.map { j - i >= $0 } ?? true) && (highest.map { j - i <= $0 } ?? true)
    }

    /// The pairs that both bands hold: a band again.
    func intersection(_ other: Band) -> Band {
        Band(
            lowest: [lowest, other.lowest].compactMap(\.self).max(),
            highest: [highest, other.highest].compactMap(\.self).min())
    }

    /// Whether no pair is in the band, however many queries and keys there are.
    var isEmpty: Bool {
        guard let lowest, let highest else { return false }
        return lowest > highest
    }

    // The same band as kernels want it: i + offset − left ≤ j ≤ i + offset + right, with left and right of at least 0.

    /// The diagonal that `left` and `right` count from.
    var offset: Int { highest ?? lowest ?? 0 }
    /// How far before the diagonal; nil without end.
    var left: Int? { lowest.map { offset - $0 } }
    /// How far behind the diagonal; nil without end.
    var right: Int? { highest.map { _ in 0 } }
}

extension Int {
    /// The nearest number of −bound … bound.
    fileprivate func clamped(to bound: Int) -> Int { Swift.min(Swift.max(self, -bound), bound) }
}
