internal import AttentionTensors

/// Looks for likely sequences by keeping the likeliest few hypotheses after each step.
///
/// At every step all continuations of a source's live hypotheses are ranked by ln P, of equals the one with the lower token id and then of
/// the better hypothesis first. Those among the best `beamSize` that end a hypothesis are finished; the best `beamSize` others live on.
/// A source is done when `beamSize` hypotheses are finished, when no live one can come among the best `hypothesisCount` any more,
/// or at its limit. Source: Sutskever et al. 2014, section 3.2; Wu et al. 2016, section 7, for length and coverage; Paulus et al. 2018,
/// section 2.5, for the block of repetitions.
public struct BeamSearch: Sendable, Hashable {
    /// How many hypotheses live after each step.
    public var beamSize: Int
    /// How many of the best hypotheses are returned, at most `beamSize`.
    public var hypothesisCount: Int
    /// How finished hypotheses of different lengths are compared.
    public var lengthNormalization: LengthNormalization
    /// What finished hypotheses lose for what they have not looked at; nil for nothing.
    public var coveragePenalty: CoveragePenalty?
    /// How many tokens in a row a hypothesis never writes a second time; nil lets it repeat whatever it wants.
    public var repetitionBlock: Int?
    /// Which tokens mean an end, and which may not be written.
    public var tokens: TokenRules

    /// A search for the best `hypothesisCount` hypotheses.
    public init(
        beamSize: Int = 5, hypothesisCount: Int = 1, lengthNormalization: LengthNormalization = .gnmt(),
        coveragePenalty: CoveragePenalty? = nil, repetitionBlock: Int? = nil, tokens: TokenRules
    ) {
        self.beamSize = beamSize
        self.hypothesisCount = hypothesisCount
        self.lengthNormalization = lengthNormalization
        self.coveragePenalty = coveragePenalty
        self.repetitionBlock = repetitionBlock
        self.tokens = tokens
    }

    /// Searches for the best continuations of each row of `state`.
    ///
    /// Each source is searched as if it were alone: its hypotheses do not depend on the others.
    /// - Parameters:
    ///   - decoder: What tells how likely each token is.
    ///   - state: What the decoder remembers of B sources, one row each.
    ///   - startTokens: The token that each source's hypotheses follow, B of them.
    ///   - stepLimits: How many tokens to write at most for each source, the end token included.
    ///   - sourceLengths: How many tokens each source has, B of them: what a coverage penalty wants looked at; unless given, all that
    ///     the decoder looks at.
    ///   - aligning: Whether hypotheses say where the decoder looked, which costs something at every step.
    /// - Returns: For each source its hypotheses, best first: finished ones by their score, then, if they are fewer than asked for, those
    ///   that were cut off.
    /// - Throws: `SearchError` if a setting makes no sense, the decoder refuses a step, its logits cannot be ranked, or the task
    ///   is cancelled.
    /// - Complexity: As many steps of at most B · `beamSize` rows as the longest hypothesis has tokens.
    public func search<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, startTokens: [Int], stepLimits: [Int],
        sourceLengths: [Int]? = nil, aligning: Bool = false
    ) throws(SearchError) -> [[Hypothesis]] {
        try checkSettings()
        guard sourceLengths?.count ?? state.rowCount == state.rowCount else {
            throw .shape(
                ShapeError(
                    "search", expected: "a length for each of \(state.rowCount) sources",
                    found: "\(sourceLengths?.count ?? 0)"))
        }
        let rule = BeamRule(settings: self, sourceLengths: sourceLengths)
        let searches = try Search(
            decoder: decoder, rule: rule, startTokens: startTokens, aligning: aligning || coveragePenalty != nil
        ).run(from: state, stepLimits: stepLimits)
        return try SearchError.wrapping { () throws(ShapeError) in
            var results: [[Hypothesis]] = []
            for search in searches {
                let best = try best(of: search, rule)
                results.append(aligning ? best : best.map { $0.withoutAlignments() })
            }
            return results
        }
    }

    /// The best finished hypotheses of a source and, if they are too few, the best that were cut off.
    private func best(of search: SourceSearch, _ rule: BeamRule) throws(ShapeError) -> [Hypothesis] {
        var result = Array(ranked(search.finished).prefix(hypothesisCount))
        for cutOff in search.live.prefix(hypothesisCount - result.count) {
            result.append(try rule.ended(cutOff, by: nil, source: search.index))
        }
        return result
    }

    private func checkSettings() throws(SearchError) {
        guard beamSize >= 1 else { throw .setting(name: "beamSize", expected: "at least 1", found: "\(beamSize)") }
        guard 1...beamSize ~= hypothesisCount else {
            throw .setting(
                name: "hypothesisCount", expected: "1 to \(beamSize), the beam size,", found: "\(hypothesisCount)")
        }
        if case .gnmt(let alpha) = lengthNormalization, !alpha.isFinite {
            throw .setting(name: "alpha", expected: "a finite number", found: "\(alpha)")
        }
        if let weight = coveragePenalty?.weight, !(weight >= 0 && weight.isFinite) {
            throw .setting(
                name: "the weight of coverage", expected: "a finite number from 0 up", found: "\(weight)")
        }
        if let repetitionBlock, repetitionBlock < 1 {
            throw .setting(name: "repetitionBlock", expected: "at least 1", found: "\(repetitionBlock)")
        }
    }

    /// By score; of equals the one that ended first.
    func ranked(_ finished: [Hypothesis]) -> [Hypothesis] {
        finished.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
    }
}

extension BeamSearch {
    /// Search with a beam of 1: the likeliest token at each step.
    public static func greedy(tokens: TokenRules) -> BeamSearch {
        BeamSearch(beamSize: 1, lengthNormalization: .none, tokens: tokens)
    }
}
