/// chrF: the F-score of character n-grams, and of word n-grams too for chrF++.
///
///     chrF = (1 + β²) · P · R / (β² · P + R)      P, R = precision and recall, averaged over orders
///
/// Scores, signatures and printed lines equal those of sacreBLEU 2.6.0. Of several references, each segment counts the
/// one that scores best.
///
/// Source: Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation"; Popović 2017, "chrF++".
public struct ChrF: Hashable, Sendable {
    /// How orders without n-grams are dealt with.
    public enum Smoothing: Hashable, Sendable {
        /// They are left out of the averages.
        case effectiveOrder
        /// They count as 10⁻¹⁶, and the F-scores of the orders are averaged (the original script, NLTK, Moses).
        case epsilon
    }

    /// The longest character n-grams compared; 0 for none.
    public let characterOrder: Int
    /// The longest word n-grams compared; 0 for none, 2 for chrF++.
    public let wordOrder: Int
    /// How many times as important recall is as precision.
    public let beta: Int
    /// Whether upper and lower case count as the same.
    public let isLowercased: Bool
    /// Whether white space counts among the characters.
    public let includesWhitespace: Bool
    /// How orders without n-grams are dealt with.
    public let smoothing: Smoothing

    /// chrF2, unless told otherwise; orders below 0 count as 0.
    public init(
        characterOrder: Int = 6, wordOrder: Int = 0, beta: Int = 2, isLowercased: Bool = false,
        includesWhitespace: Bool = false, smoothing: Smoothing = .effectiveOrder
    ) {
        self.characterOrder = max(0, characterOrder)
        self.wordOrder = max(0, wordOrder)
        self.beta = beta
        self.isLowercased = isLowercased
        self.includesWhitespace = includesWhitespace
        self.smoothing = smoothing
    }

    /// Character n-grams up to order 6 and recall twice as important as precision.
    public static let chrF2 = ChrF()
    /// ``chrF2`` with word n-grams up to order 2.
    public static let chrF2PlusPlus = ChrF(wordOrder: 2)

    /// The score of a whole test set.
    ///
    /// - Parameters:
    ///   - hypotheses: One translation per segment.
    ///   - references: For each segment, one correct translation or several.
    /// - Throws: ``MetricError`` when the counts differ, there are no segments, or one has no reference.
    public func score(_ hypotheses: [String], references: [[String]]) throws(MetricError) -> ChrFScore {
        try MetricError.check(hypotheses, references, for: name)
        var total = ChrFStatistics(orderCount: characterOrder + wordOrder)
        for (hypothesis, references) in zip(hypotheses, references) {
            total += bestStatistics(hypothesis, references)
        }
        return ChrFScore(
            score: total.score(beta: beta, smoothing: smoothing), name: name,
            signature: signature(referenceCounts: references.map(\.count)))
    }

    /// The score of a whole test set with one reference per segment.
    ///
    /// - Throws: ``MetricError`` when the counts differ or there are no segments.
    public func score(_ hypotheses: [String], references: [String]) throws(MetricError) -> ChrFScore {
        try score(hypotheses, references: references.map { [$0] })
    }

    /// The score of one sentence.
    ///
    /// - Throws: ``MetricError`` when there is no reference.
    public func sentenceScore(_ hypothesis: String, references: [String]) throws(MetricError) -> ChrFScore {
        try score([hypothesis], references: [references])
    }

    /// The counts against the reference that scores best, the first of equals.
    private func bestStatistics(_ hypothesis: String, _ references: [String]) -> ChrFStatistics {
        let hypothesis = ChrFNGrams(hypothesis, for: self)
        var best = (score: -1.0, statistics: ChrFStatistics(orderCount: characterOrder + wordOrder))
        for reference in references {
            let statistics = ChrFStatistics(hypothesis, ChrFNGrams(reference, for: self))
            let score = statistics.score(beta: beta, smoothing: smoothing)
            if score > best.score { best = (score, statistics) }
        }
        return best.statistics
    }

    private var name: String { "chrF\(beta)" + String(repeating: "+", count: wordOrder) }

    private func signature(referenceCounts: [Int]) -> String {
        [
            "nrefs:" + MetricSignature.referenceCount(referenceCounts),
            "case:" + (isLowercased ? "lc" : "mixed"),
            "eff:" + (smoothing == .effectiveOrder ? "yes" : "no"),
            "nc:\(characterOrder)",
            "nw:\(wordOrder)",
            "space:" + (includesWhitespace ? "yes" : "no"),
            MetricSignature.version,
        ].joined(separator: "|")
    }
}

/// A chrF score and how it was computed.
public struct ChrFScore: Hashable, Sendable, CustomStringConvertible {
    /// The score, 0…100.
    public let score: Double
    /// `chrF2`, or `chrF2++` with word n-grams.
    public let name: String
    /// sacreBLEU's record of how the score was computed, `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0`.
    public let signature: String

    /// sacreBLEU's line: `chrF2|nrefs:1|… = 57.53`.
    public var description: String { "\(name)|\(signature) = \(score.fixedPoint(digits: 2))" }
}
