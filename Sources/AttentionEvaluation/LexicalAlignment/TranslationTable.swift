/// t(target word | source word) for all words that were seen together, in compressed sparse rows.
///
/// Row 0 is that of the null word and has an entry for every target word, in order, so that a target word's own number
/// is its entry there; row s + 1 is that of source word s.
struct TranslationTable: Sendable {
    /// Where each row begins, and where the last one ends.
    let rowStarts: [Int]

    /// The target word of each entry, rising within a row.
    let targets: [Int32]

    /// The probability of each entry.
    private(set) var probabilities: [Double]

    /// All target words are equally probable at first.
    init(rowStarts: [Int], targets: [Int32], targetWordCount: Int) {
        self.rowStarts = rowStarts
        self.targets = targets
        probabilities = [Double](repeating: 1 / Double(targetWordCount), count: targets.count)
    }

    /// The entry of a target word in the row of a source word; nil when they were never seen together.
    ///
    /// - Complexity: O(log n) for the n entries of the row.
    func entry(source: Int, target: Int) -> Int? {
        var (low, high) = (rowStarts[source + 1], rowStarts[source + 2])
        let end = high
        while low < high {
            let middle = (low + high) / 2
            if Int(targets[middle]) < target { low = middle + 1 } else { high = middle }
        }
        return low < end && Int(targets[low]) == target ? low : nil
    }

    /// Makes probabilities of expected counts, row by row.
    ///
    /// - Parameter counts: one per entry.
    mutating func update(from counts: [Double], by estimation: TranslationEstimation) {
        for row in 0..<rowStarts.count - 1 {
            estimation.update(&probabilities, from: counts, in: rowStarts[row]..<rowStarts[row + 1])
        }
    }
}
