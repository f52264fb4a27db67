import AttentionFiles

/// How much of what was said is written down wrongly: the word error rate (WER) or the character error rate (CER).
///
///     rate = (S + D + I) / N
///
/// S words replaced, D left out and I put in, as few as lead from the reference to what was written (Levenshtein 1966), of N words of the reference; of all texts together. Texts are
/// compared as they stand: who wants no regard to case or punctuation takes them out before. Above 1 where more is written than was said.
public struct ErrorRate: Sendable, Hashable {
    /// What is counted.
    public enum Unit: Sendable, Hashable {
        /// What stands between white space.
        case words
        /// Unicode scalars, any white space between words counting as one space.
        case characters
    }

    /// What is counted.
    public let unit: Unit
    /// S + D + I.
    public private(set) var editCount = 0
    /// N.
    public private(set) var count = 0

    /// The rate of no texts yet.
    public init(of unit: Unit) { self.unit = unit }

    /// Adds a text.
    /// - Complexity: O(n · m) for n words found and m of the reference.
    public mutating func add(_ found: String, reference: String) {
        let (found, wanted) = (words(of: found), words(of: reference))
        switch unit {
        case .words: add(found, wanted)
        case .characters:
            add(Array(found.joined(separator: [" "] as Word)), Array(wanted.joined(separator: [" "] as Word)))
        }
    }

    /// The errors as a share of what was said; how many there are where nothing was.
    public var rate: Double { Double(editCount) / Double(max(1, count)) }

    private mutating func add<Element: Equatable>(_ found: [Element], _ wanted: [Element]) {
        editCount += NearestName.editDistance(found, wanted)
        count += wanted.count
    }

    private func words(of text: String) -> [Word] { text.metricScalars(lowercased: false).metricWords }
}
