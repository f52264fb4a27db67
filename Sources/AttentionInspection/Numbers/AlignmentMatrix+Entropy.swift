import Glibc

extension AlignmentMatrix {
    /// How widely each target token spreads its attention: `H = −Σ p ln p` over the sources, in nats, where `p` is the
    /// row divided by its sum. It is 0 when all attention goes to one source, `ln K` when it is even over K sources; a
    /// row without attention has 0.
    ///
    /// - Complexity: O(Q · K).
    /// - Source: Shannon (1948), *A Mathematical Theory of Communication*, section 6.
    public var entropies: [Double] { weights.map(entropy) }

    /// The entropy of each row as a share of the greatest possible, `H / ln K`: 0 is one source, 1 is all of them
    /// evenly. With fewer than two sources there is nothing to spread over, and it is 0.
    public var normalizedEntropies: [Double] {
        guard source.count > 1 else { return target.map { _ in 0 } }
        return entropies.map { $0 / log(Double(source.count)) }
    }
}

private func entropy(_ row: [Float]) -> Double {
    let sum = row.reduce(0) { $0 + Double($1) }
    guard sum > 0 else { return 0 }
    // Every term is at least 0, so that an exact 0 is not printed as −0.
    return row.reduce(0) { entropy, weight in
        guard weight > 0 else { return entropy }
        let share = Double(weight) / sum
        return entropy + share * log(1 / share)
    }
}
