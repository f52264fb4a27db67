/// How often each n-gram of one order occurs in a sequence.
struct NGramCounts<Element: Hashable> {
    /// How often each occurs.
    private(set) var counts: [ArraySlice<Element>: Int] = [:]
    /// How many n-grams there are, repetitions included.
    private(set) var total = 0

    init() {}

    init(_ sequence: [Element], order: Int) {
        for start in stride(from: 0, through: sequence.count - order, by: 1) {
            counts[sequence[start..<start + order], default: 0] += 1
            total += 1
        }
    }

    /// How many n-grams also occur in `other`, each at most as often as there.
    func matchCount(with other: Self) -> Int {
        counts.reduce(0) { $0 + Swift.min($1.value, other.counts[$1.key] ?? 0) }
    }

    /// For each n-gram the higher count of the two.
    mutating func formUnion(_ other: Self) {
        counts.merge(other.counts) { Swift.max($0, $1) }
        total = counts.values.reduce(0, +)
    }
}
