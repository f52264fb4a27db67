/// The counts that BLEU is computed from; those of a corpus are the sums over its segments.
struct BLEUStatistics {
    /// By order, n-grams of the hypothesis found in a reference, no more often than the reference has them.
    var matches = [Int](repeating: 0, count: BLEU.maximumOrder)
    /// By order, n-grams of the hypothesis.
    var totals = [Int](repeating: 0, count: BLEU.maximumOrder)
    var hypothesisLength = 0
    /// Length of the reference closest in length, the shorter of two equally close.
    var referenceLength = 0

    init() {}

    init(_ hypothesis: [Word], references: [[Word]]) {
        hypothesisLength = hypothesis.count
        referenceLength =
            references.map(\.count).min { (abs($0 - hypothesis.count), $0) < (abs($1 - hypothesis.count), $1) } ?? 0
        for order in 1...BLEU.maximumOrder {
            let known = references.reduce(into: NGramCounts<Word>()) { known, reference in
                known.formUnion(NGramCounts(reference, order: order))
            }
            let counts = NGramCounts(hypothesis, order: order)
            matches[order - 1] = counts.matchCount(with: known)
            totals[order - 1] = counts.total
        }
    }

    static func += (sum: inout Self, next: Self) {
        for index in sum.totals.indices {
            sum.matches[index] += next.matches[index]
            sum.totals[index] += next.totals[index]
        }
        sum.hypothesisLength += next.hypothesisLength
        sum.referenceLength += next.referenceLength
    }
}
