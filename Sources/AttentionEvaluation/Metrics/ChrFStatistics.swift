/// The n-grams of one line, by order: first those of characters, then those of words.
struct ChrFNGrams {
    let characters: [NGramCounts<Unicode.Scalar>]
    let words: [NGramCounts<Word>]

    init(_ line: String, for metric: ChrF) {
        let scalars = line.metricScalars(lowercased: metric.isLowercased)
        let characters = metric.includesWhitespace ? scalars : scalars.filter { !$0.isMetricWhitespace }
        self.characters = (0..<metric.characterOrder).map { NGramCounts(characters, order: $0 + 1) }
        let words = metric.wordOrder > 0 ? scalars.metricWords.flatMap(Self.separatingPunctuation) : []
        self.words = (0..<metric.wordOrder).map { NGramCounts(words, order: $0 + 1) }
    }

    /// Separates one mark from the end of a word or else from its start: "(hi)" becomes "(hi" and ")".
    private static func separatingPunctuation(_ word: Word) -> [Word] {
        guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
        if isPunctuation(last) { return [word.dropLast(), word.suffix(1)] }
        if isPunctuation(first) { return [word.prefix(1), word.dropFirst()] }
        return [word]
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }
}

/// The counts that chrF is computed from; those of a corpus are the sums over its segments.
struct ChrFStatistics {
    private struct Counts {
        var hypothesis = 0
        var reference = 0
        var matches = 0
    }

    private var orders: [Counts]

    init(orderCount: Int) {
        orders = [Counts](repeating: Counts(), count: orderCount)
    }

    init(_ hypothesis: ChrFNGrams, _ reference: ChrFNGrams) {
        orders =
            zip(hypothesis.characters, reference.characters).map(Self.counts)
            + zip(hypothesis.words, reference.words).map(Self.counts)
    }

    /// The n-grams of the hypothesis do not count for orders of which the reference has none.
    private static func counts<Element>(_ hypothesis: NGramCounts<Element>, _ reference: NGramCounts<Element>) -> Counts
    {
        Counts(
            hypothesis: reference.total > 0 ? hypothesis.total : 0, reference: reference.total,
            matches: hypothesis.matchCount(with: reference))
    }

    static func += (sum: inout Self, next: Self) {
        for index in sum.orders.indices {
            sum.orders[index].hypothesis += next.orders[index].hypothesis
            sum.orders[index].reference += next.orders[index].reference
            sum.orders[index].matches += next.orders[index].matches
        }
    }

    /// The F-score in per cent.
    func score(beta: Int, smoothing: ChrF.Smoothing) -> Double {
        let factor = Double(beta) * Double(beta)
        return switch smoothing {
        case .effectiveOrder: 100 * effectiveScore(factor)
        case .epsilon: 100 * epsilonScore(factor)
        }
    }

    private func effectiveScore(_ factor: Double) -> Double {
        let effective = orders.filter { $0.hypothesis > 0 && $0.reference > 0 }
        guard !effective.isEmpty else { return 0 }
        let count = Double(effective.count)
        let precision = effective.reduce(0) { $0 + Double($1.matches) / Double($1.hypothesis) } / count
        let recall = effective.reduce(0) { $0 + Double($1.matches) / Double($1.reference) } / count
        guard precision + recall > 0 else { return 0 }
        return (1 + factor) * precision * recall / (factor * precision + recall)
    }

    private func epsilonScore(_ factor: Double) -> Double {
        guard !orders.isEmpty else { return 0 }
        let epsilon = 1e-16
        let sum = orders.reduce(0.0) { sum, counts in
            let matches = Double(counts.matches)
            let precision = counts.hypothesis > 0 ? matches / Double(counts.hypothesis) : epsilon
            let recall = counts.reference > 0 ? matches / Double(counts.reference) : epsilon
            let denominator = factor * precision + recall
            return sum + (denominator > 0 ? (1 + factor) * precision * recall / denominator : epsilon)
        }
        return sum / Double(orders.count)
    }
}
