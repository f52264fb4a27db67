/// Holds what is written to one of a few beginnings; behind a whole one anything may follow, or nothing, where the constraint stops the search too.
///
/// A beam that is as wide as there are beginnings finds the likelihood of each.
///
/// Source: Wuebker et al. 2016, *Models and Inference for Prefix-Constrained Machine Translation*, for one; De Cao et al. 2021,
/// *Autoregressive Entity Retrieval*, section 3.2, for several.
public struct PrefixConstraint: LogitProcessor, StoppingRule, Hashable {
    /// The beginnings.
    public let beginnings: [[Int]]

    /// What never stands directly behind a whole beginning.
    public let excluded: Set<Int>

    /// Texts that begin with one of these, directly behind which some tokens may not stand.
    public init(_ beginnings: [[Int]], notFollowedBy excluded: Set<Int> = []) {
        (self.beginnings, self.excluded) = (beginnings, excluded)
    }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        let written = text.tokens
        if beginnings.contains(written) { excluded.forEach(scores.forbid) }
        guard !beginnings.contains(where: { written.starts(with: $0) }) else { return }
        let next = Set(beginnings.lazy.filter { $0.starts(with: written) }.map { $0[written.count] })
        for token in 0..<scores.count where !next.contains(token) { scores.forbid(token) }
    }

    /// Whether a beginning is whole.
    public func stops(behind tokens: [Int]) -> Bool { beginnings.contains(tokens) }
}
