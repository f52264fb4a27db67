extension AlignmentMatrix {
    /// How much each target belongs to each source if both have a say: p(k | q) p(q | k), the share of its look that a target gives a source, and
    /// its share of the looks that the source gets; each row divided by its sum. What everybody looks at a little, as many heads do at an end or
    /// a comma, belongs to nobody by that.
    ///
    /// A row without attention stays as it is.
    /// - Complexity: O(Q · K).
    /// - Source: the agreement of two directions of Liang, Taskar & Klein (2006), *Alignment by Agreement*, section 4.2, for one matrix.
    public var mutual: AlignmentMatrix {
        let sums = source.indices.map { column in weights.reduce(Float(0)) { $0 + $1[column] } }
        let rows = weights.map { row in
            let products = zip(row, sums).map { $1 > 0 ? $0 * ($0 / $1) : 0 }
            let total = products.reduce(0, +)
            return total > 0 ? products.map { $0 / total } : row
        }
        return AlignmentMatrix(unchecked: name, source: source, target: target, weights: rows)
    }

    /// How sure it is to come back to where one started who goes from a side to the other by the weights and back again, the mean over both sides:
    /// 2 Σ p(k | q) p(q | k) / (Q + K). 1 where each has one partner of its own, 0 without attention.
    ///
    /// - Parameter sharpness: the power that weights are raised to before, so that what is looked at most counts most.
    /// - Complexity: O(Q · K).
    public func returningShare(sharpness: Int = 1) -> Double {
        guard !source.isEmpty, !target.isEmpty else { return 0 }
        let sharp = weights.map {
            $0.map { weight in (0..<sharpness).reduce(1.0) { power, _ in power * Double(weight) } }
        }
        let sums = source.indices.map { column in sharp.reduce(0) { $0 + $1[column] } }
        let total = sharp.reduce(0.0) { total, row in
            let sum = row.reduce(0, +)
            guard sum > 0 else { return total }
            return total + zip(row, sums).reduce(0) { $1.1 > 0 ? $0 + $1.0 / sum * ($1.0 / $1.1) : $0 }
        }
        return 2 * total / Double(source.count + target.count)
    }
}
