/// ROUGE: how much of a summary's words, pairs of words, and longest common subsequence its reference has, and the other way round.
///
///     F = 2 P R / (P + R)      P, R = what both have, as a share of what the summary has and of what the reference has
///
/// Scores equal those of the Python package `rouge-score` 0.1.2 without stemming: texts are lower-cased, and words are runs of the letters a to z and
/// digits. (So ROUGE says little of languages with other letters.) ROUGE-L takes each text as one sentence.
///
/// Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries", sections 2 and 3.1.
public struct ROUGE: Hashable, Sendable {
    /// What is compared.
    public enum Unit: Hashable, Sendable {
        /// Runs of so many words.
        case words(Int)
        /// The longest sequence of words that both have in this order, with others between them.
        case longestCommonSubsequence
    }

    /// What is compared.
    public let unit: Unit

    /// A comparison of such units.
    public init(_ unit: Unit) { self.unit = unit }

    /// ROUGE-1.
    public static let rouge1 = ROUGE(.words(1))
    /// ROUGE-2.
    public static let rouge2 = ROUGE(.words(2))
    /// ROUGE-L.
    public static let rougeL = ROUGE(.longestCommonSubsequence)

    /// Precision, recall and F, each from 0 to 1.
    public struct Score: Hashable, Sendable {
        /// P.
        public var precision: Double
        /// R.
        public var recall: Double
        /// F; 0 where both are 0.
        public var f1: Double { precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0 }

        /// A score of these shares.
        public init(precision: Double, recall: Double) { (self.precision, self.recall) = (precision, recall) }
    }

    /// The score of one summary.
    /// - Complexity: O(n · m) for the longest common subsequence of n and m words, O(n + m) otherwise.
    public func score(_ summary: String, reference: String) -> Score {
        let (found, wanted) = (Self.words(of: summary), Self.words(of: reference))
        switch unit {
        case .words(let order):
            let (found, wanted) = (Self.counts(found, order), Self.counts(wanted, order))
            let common = found.reduce(0) { $0 + min($1.value, wanted[$1.key] ?? 0) }
            return Self.score(common, found.values.reduce(0, +), wanted.values.reduce(0, +))
        case .longestCommonSubsequence:
            return Self.score(Self.longestCommonSubsequence(found, wanted), found.count, wanted.count)
        }
    }

    /// The mean F of a whole test set, from 0 to 100.
    ///
    /// - Throws: `MetricError` when the counts differ or there are no summaries.
    public func meanF1(_ summaries: [String], references: [String]) throws(MetricError) -> Double {
        try MetricError.check(summaries, references.map { [$0] }, for: name)
        let sum = zip(summaries, references).reduce(0) { $0 + score($1.0, reference: $1.1).f1 }
        return 100 * sum / Double(summaries.count)
    }

    private var name: String {
        switch unit {
        case .words(let order): "ROUGE-\(order)"
        case .longestCommonSubsequence: "ROUGE-L"
        }
    }

    private static func score(_ common: Int, _ found: Int, _ wanted: Int) -> Score {
        Score(
            precision: Double(common) / Double(max(1, found)), recall: Double(common) / Double(max(1, wanted)))
    }

    /// Runs of ASCII letters and digits, in lower case.
    private static func words(of text: String) -> [String] {
        let (letters, digits) = (UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"))
        return text.lowercased().utf8.split { !letters.contains($0) && !digits.contains($0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// How often each run of so many words occurs.
    private static func counts(_ words: [String], _ order: Int) -> [[String]: Int] {
        guard order > 0, words.count >= order else { return [:] }
        return (0...words.count - order).reduce(into: [:]) { $0[Array(words[$1..<$1 + order]), default: 0] += 1 }
    }

    /// The length of the longest sequence that both have (Cormen et al., *Introduction to Algorithms*, sec. 15.4), a row of its table at a time.
    private static func longestCommonSubsequence(_ first: [String], _ second: [String]) -> Int {
        var row = [Int](repeating: 0, count: second.count + 1)
        for word in first {
            var diagonal = 0
            for (index, other) in second.enumerated() {
                let above = row[index + 1]
                row[index + 1] = word == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[second.count]
    }
}
