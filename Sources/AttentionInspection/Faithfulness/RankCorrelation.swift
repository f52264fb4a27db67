/// How far two lists of numbers put the same things in the same order: 1 for the same order, −1 for the reverse, about 0 for none.
public enum RankCorrelation {
    /// Spearman's ρ: Pearson's correlation of the ranks, equal numbers having the mean of theirs; nil where one list is all alike, or there are
    /// fewer than two numbers.
    ///
    /// - Precondition: the lists are equally long.
    /// - Complexity: O(n log n).
    /// - Source: Spearman (1904), *The Proof and Measurement of Association between Two Things*.
    public static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
        precondition(first.count == second.count, "spearman: expected lists of one length")
        let (x, y) = (ranks(first), ranks(second))
        // The mean of ranks from 1 to n, whatever is equal.
        let mean = Double(x.count + 1) / 2
        let products = zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        let squares = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }, y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) })
        guard squares.0 > 0, squares.1 > 0 else { return nil }
        return products / (squares.0 * squares.1).squareRoot()
    }

    /// Kendall's τ-b: pairs in the same order less pairs in the reverse, by √((all − equal in the first)(all − equal in the second)); nil where
    /// one list is all alike, or there are fewer than two numbers.
    ///
    /// - Precondition: the lists are equally long.
    /// - Complexity: O(n²).
    /// - Source: Kendall (1945), *The Treatment of Ties in Ranking Problems*.
    public static func kendall(_ first: [Double], _ second: [Double]) -> Double? {
        precondition(first.count == second.count, "kendall: expected lists of one length")
        var (sum, ordered) = (0, (first: 0, second: 0))
        for (place, (x, y)) in zip(first, second).enumerated() {
            for (u, v) in zip(first[..<place], second[..<place]) {
                let signs = (x == u ? 0 : x > u ? 1 : -1, y == v ? 0 : y > v ? 1 : -1)
                sum += signs.0 * signs.1
                ordered.first += signs.0 == 0 ? 0 : 1
                ordered.second += signs.1 == 0 ? 0 : 1
            }
        }
        guard ordered.first > 0, ordered.second > 0 else { return nil }
        return Double(sum) / (Double(ordered.first) * Double(ordered.second)).squareRoot()
    }

    /// The places of numbers in their order, from 1.
    private static func ranks(_ numbers: [Double]) -> [Double] {
        let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        var ranks = [Double](repeating: 0, count: numbers.count)
        var start = 0
        while start < order.count {
            let end = order[start...].firstIndex { numbers[$0] != numbers[order[start]] } ?? order.count
            for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
            start = end
        }
        return ranks
    }
}
