/// How far alignments are from a human reference that tells sure links S from possible links P ⊇ S.
///
///     precision = |A ∩ P| / |A|
///     recall    = |A ∩ S| / |S|
///     AER       = 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|)
///
/// Counts add up, so the rate of a corpus is that of the sum over its sentences, as in the literature, not the mean of
/// their rates.
///
/// - Source: Och and Ney (2003), *A Systematic Comparison of Various Statistical Alignment Models*, section 6.
public struct AlignmentErrorRate: Sendable, Hashable {
    /// |A|, the links to judge.
    public private(set) var linkCount = 0
    /// |S|, the sure links of the reference.
    public private(set) var sureCount = 0
    /// |A ∩ S|.
    public private(set) var sureHits = 0
    /// |A ∩ P|.
    public private(set) var possibleHits = 0

    /// Nothing judged yet; the start of a sum.
    public init() {}

    /// Judges one sentence.
    ///
    /// - Parameters:
    ///   - alignment: the links to judge, A.
    ///   - reference: the sure links, S, and the possible ones, P.
    public init(of alignment: HardAlignment, reference: ReferenceAlignment) {
        linkCount = alignment.links.count
        sureCount = reference.sure.links.count
        sureHits = alignment.links.intersection(reference.sure.links).count
        possibleHits = alignment.links.intersection(reference.possible.links).count
    }

    /// The share of the links that are possible; 1 when there are none.
    public var precision: Double { linkCount > 0 ? Double(possibleHits) / Double(linkCount) : 1 }

    /// The share of the sure links that were found; 1 when there are none.
    public var recall: Double { sureCount > 0 ? Double(sureHits) / Double(sureCount) : 1 }

    /// The alignment error rate, from 0, all right, to 1, all wrong; 0 when there was nothing to find and nothing
    /// found.
    public var rate: Double {
        let total = linkCount + sureCount
        return total > 0 ? 1 - Double(sureHits + possibleHits) / Double(total) : 0
    }

    /// Counts of two parts of a corpus together.
    public static func + (left: AlignmentErrorRate, right: AlignmentErrorRate) -> AlignmentErrorRate {
        var sum = left
        sum += right
        return sum
    }

    /// Adds the counts of another part of a corpus.
    public static func += (left: inout AlignmentErrorRate, right: AlignmentErrorRate) {
        left.linkCount += right.linkCount
        left.sureCount += right.sureCount
        left.sureHits += right.sureHits
        left.possibleHits += right.possibleHits
    }
}
