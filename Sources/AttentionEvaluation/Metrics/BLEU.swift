/// BLEU: how many word n-grams of the hypotheses occur in their references, times a penalty for being too short.
///
///     BLEU = BP · exp(1/4 · Σ log pₙ)      pₙ = clipped matches / n-grams of the hypotheses, n = 1…4
///     BP   = 1 if h ≥ r, else exp(1 − r/h)  h, r = lengths of hypotheses and closest references
///
/// Scores, signatures and printed lines equal those of sacreBLEU 2.6.0. Comparison is by Unicode scalars: a composed
/// and a decomposed "é" differ. For text already tokenised (Multi30k, multi-bleu style) use `BLEU(tokenizer: .none)`.
///
/// Source: Papineni et al. 2002; Post 2018, "A Call for Clarity in Reporting BLEU Scores", for what is to be reported.
public struct BLEU: Hashable, Sendable {
    /// The longest n-grams compared.
    public static let maximumOrder = 4

    /// How lines are split into words.
    public var tokenizer: BLEUTokenizer
    /// What stands for a precision without matches.
    public var smoothing: BLEUSmoothing
    /// Whether upper and lower case count as the same.
    public var isLowercased: Bool

    /// BLEU as sacreBLEU computes it by default, unless told otherwise.
    public init(
        tokenizer: BLEUTokenizer = .mteval13a, smoothing: BLEUSmoothing = .exponential, isLowercased: Bool = false
    ) {
        self.tokenizer = tokenizer
        self.smoothing = smoothing
        self.isLowercased = isLowercased
    }

    /// The score of a whole test set.
    ///
    /// - Parameters:
    ///   - hypotheses: One translation per segment.
    ///   - references: For each segment, one correct translation or several.
    /// - Throws: ``MetricError`` when the counts differ, there are no segments, or one has no reference.
    public func score(_ hypotheses: [String], references: [[String]]) throws(MetricError) -> BLEUScore {
        try MetricError.check(hypotheses, references, for: "BLEU")
        var total = BLEUStatistics()
        for (hypothesis, references) in zip(hypotheses, references) {
            total += statistics(hypothesis, references)
        }
        let signature = signature(referenceCounts: references.map(\.count), usesEffectiveOrder: false)
        return BLEUScore(total, smoothing: smoothing, usesEffectiveOrder: false, signature: signature)
    }

    /// The score of a whole test set with one reference per segment.
    ///
    /// - Throws: ``MetricError`` when the counts differ or there are no segments.
    public func score(_ hypotheses: [String], references: [String]) throws(MetricError) -> BLEUScore {
        try score(hypotheses, references: references.map { [$0] })
    }

    /// The score of one sentence, with effective order: orders longer than the hypothesis are left out of the mean.
    ///
    /// - Throws: ``MetricError`` when there is no reference.
    public func sentenceScore(_ hypothesis: String, references: [String]) throws(MetricError) -> BLEUScore {
        try MetricError.check([hypothesis], [references], for: "BLEU")
        let signature = signature(referenceCounts: [references.count], usesEffectiveOrder: true)
        return BLEUScore(
            statistics(hypothesis, references), smoothing: smoothing, usesEffectiveOrder: true, signature: signature)
    }

    private func statistics(_ hypothesis: String, _ references: [String]) -> BLEUStatistics {
        BLEUStatistics(words(of: hypothesis), references: references.map(words))
    }

    private func words(of line: String) -> [Word] {
        tokenizer.words(of: line.metricScalars(lowercased: isLowercased).withoutTrailingWhitespace)
    }

    /// What another person needs to know to compute the same number.
    private func signature(referenceCounts: [Int], usesEffectiveOrder: Bool) -> String {
        [
            "nrefs:" + MetricSignature.referenceCount(referenceCounts),
            "case:" + (isLowercased ? "lc" : "mixed"),
            "eff:" + (usesEffectiveOrder ? "yes" : "no"),
            "tok:" + tokenizer.rawValue,
            "smooth:" + smoothing.signature,
            MetricSignature.version,
        ].joined(separator: "|")
    }
}
