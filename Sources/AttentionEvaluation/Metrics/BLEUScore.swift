import Glibc

/// A BLEU score, with all that went into it.
public struct BLEUScore: Hashable, Sendable {
    /// The score, 0…100.
    public let score: Double
    /// N-grams of the hypotheses found in the references, for n = 1…4; before smoothing.
    public let matches: [Int]
    /// N-grams of the hypotheses, for n = 1…4; before smoothing.
    public let totals: [Int]
    /// N-gram precisions in per cent for n = 1…4; after smoothing.
    public let precisions: [Double]
    /// Below 1 when the hypotheses are shorter than the references.
    public let brevityPenalty: Double
    /// Words of the hypotheses.
    public let hypothesisLength: Int
    /// Words of the references closest in length.
    public let referenceLength: Int
    /// sacreBLEU's record of how the score was computed, `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`.
    public let signature: String

    init(
        _ statistics: BLEUStatistics, smoothing: BLEUSmoothing, usesEffectiveOrder: Bool, signature: String
    ) {
        matches = statistics.matches
        totals = statistics.totals
        hypothesisLength = statistics.hypothesisLength
        referenceLength = statistics.referenceLength
        brevityPenalty = Self.brevityPenalty(statistics)
        self.signature = signature
        guard matches.contains(where: { $0 > 0 }) else {
            precisions = matches.map { _ in 0 }
            score = 0
            return
        }
        let (precisions, order) = Self.precisions(statistics, smoothing: smoothing)
        let effectiveOrder = usesEffectiveOrder ? order : BLEU.maximumOrder
        let logarithms = precisions.prefix(effectiveOrder).map { $0 == 0 ? -9_999_999_999 : log($0) }
        self.precisions = precisions
        score = brevityPenalty * exp(logarithms.reduce(0, +) / Double(effectiveOrder))
    }

    /// Words of the hypotheses per word of the references.
    public var lengthRatio: Double {
        referenceLength > 0 ? Double(hypothesisLength) / Double(referenceLength) : 0
    }

    private static func brevityPenalty(_ statistics: BLEUStatistics) -> Double {
        guard statistics.hypothesisLength < statistics.referenceLength else { return 1 }
        guard statistics.hypothesisLength > 0 else { return 0 }
        return exp(1 - Double(statistics.referenceLength) / Double(statistics.hypothesisLength))
    }

    /// The precisions, and the longest order of which the hypotheses have n-grams.
    private static func precisions(
        _ statistics: BLEUStatistics, smoothing: BLEUSmoothing
    ) -> (precisions: [Double], order: Int) {
        var precisions = [Double](repeating: 0, count: BLEU.maximumOrder)
        var share = 1.0  // of a match, for the exponential smoothing
        for index in precisions.indices {
            var (matches, total) = (Double(statistics.matches[index]), Double(statistics.totals[index]))
            if case .addK(let value) = smoothing, index > 0 {
                matches += value
                total += value
            }
            if total == 0 { return (precisions, index) }
            if matches == 0, smoothing == .exponential {
                share /= 2
                matches = share
            } else if matches == 0, case .floor(let value) = smoothing {
                matches = value
            }
            precisions[index] = 100 * matches / total
        }
        return (precisions, precisions.count)
    }
}

extension BLEUScore: CustomStringConvertible {
    /// sacreBLEU's line:
    /// `BLEU|nrefs:1|… = 30.32 60.9/36.6/23.9/15.9 (BP = 1.000 ratio = 1.000 hyp_len = 27089 ref_len = 27099)`.
    public var description: String {
        let precisions = precisions.map { $0.fixedPoint(digits: 1) }.joined(separator: "/")
        let lengths = "hyp_len = \(hypothesisLength) ref_len = \(referenceLength)"
        return "BLEU|\(signature) = \(score.fixedPoint(digits: 2)) \(precisions) "
            + "(BP = \(brevityPenalty.fixedPoint(digits: 3)) ratio = \(lengthRatio.fixedPoint(digits: 3)) \(lengths))"
    }
}
