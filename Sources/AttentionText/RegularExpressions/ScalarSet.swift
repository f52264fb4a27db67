/// A set of Unicode scalars, as disjoint ranges in ascending order.
struct ScalarSet: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<UInt32>]

    /// The scalars of `ranges`, in any order, overlapping or not.
    init(_ ranges: [ClosedRange<UInt32>] = []) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound &+ 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    init(_ scalars: Unicode.Scalar...) {
        self.init(scalars.map { $0.value...$0.value })
    }

    static let all = ScalarSet([0...0x10FFFF])

    var isEmpty: Bool { ranges.isEmpty }

    /// The number of scalars.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    func union(_ other: ScalarSet) -> ScalarSet {
        ScalarSet(ranges + other.ranges)
    }

    /// Every scalar that is not in this set.
    var complement: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if next < range.lowerBound { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return ScalarSet(result)
    }

    func intersection(_ other: ScalarSet) -> ScalarSet {
        complement.union(other.complement).complement
    }

    /// Whether `value` is in the set. Complexity: O(log n) in the number of ranges.
    func contains(_ value: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= value
    }
}
