internal import AttentionTensors

/// Looks for likely sequences by keeping the likeliest few hypotheses after each step.
///
/// At every step all continuations of a source's live hypotheses are ranked by ln P, of equals the one with the lower token id and then of
/// the better hypothesis first. Those among the best `beamSize` that end a hypothesis are finished; the best `beamSize` others live on.
/// When a source is done, `ending` says. Source: Sutskever et al. 2014, section 3.2; Wu et al. 2016, section 7, for length and coverage.
public struct BeamSearch: Sendable {
    /// When the search for a source is done; at its limit in any case.
    public enum Ending: Sendable, Hashable {
        /// As soon as `beamSize` hypotheses are finished, or no live one can come among the best `hypothesisCount` any more. Those that were
        /// cut off stand behind the finished ones.
        case proven
        /// As soon as `beamSize` are finished; in transformers `early_stopping=True`. Here and below, those that were cut off are ranked with
        /// the finished ones.
        case full
        /// When `beamSize` are finished and the best live one would not be better than the worst of the best `beamSize`, were it to end now;
        /// `early_stopping=False`.
        case unlikely
        /// The same, were it to end where that is best for it; `early_stopping="never"`.
        case hopeless

        /// Whether hypotheses that were cut off are ranked with finished ones.
        var ranksCutOff: Bool { self != .proven }
    }

    /// How many hypotheses live after each step.
    public var beamSize: Int
    /// How many of the best hypotheses are returned, at most `beamSize`.
    public var hypothesisCount: Int
    /// How finished hypotheses of different lengths are compared.
    public var lengthNormalization: LengthNormalization
    /// What finished hypotheses lose for what they have not looked at; nil for nothing.
    public var coveragePenalty: CoveragePenalty?
    /// When a source is done.
    public var ending: Ending
    /// How candidates are drawn at each step, see `BeamSampling`; nil keeps the likeliest.
    public var sampling: BeamSampling?
    /// Which tokens mean an end, and which may not be written.
    public var tokens: TokenRules

    /// A search for the best `hypothesisCount` hypotheses.
    public init(
        beamSize: Int = 5, hypothesisCount: Int = 1, lengthNormalization: LengthNormalization = .gnmt(),
        coveragePenalty: CoveragePenalty? = nil, ending: Ending = .proven, sampling: BeamSampling? = nil,
        tokens: TokenRules
    ) {
        self.beamSize = beamSize
        self.hypothesisCount = hypothesisCount
        self.lengthNormalization = lengthNormalization
        self.coveragePenalty = coveragePenalty
        self.ending = ending
        self.sampling = sampling
        self.tokens = tokens
    }

    /// Searches for the best continuations of each row of `state`.
    ///
    /// Each source is searched as if it were alone: its hypotheses do not depend on the others.
    /// - Parameters:
    ///   - decoder: What tells how likely each token is.
    ///   - state: What the decoder remembers of B sources, one row each.
    ///   - prompts: The tokens that each source's hypotheses follow, which `state` has not read yet: B lists of at least one.
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
        _ decoder: Decoder, from state: Decoder.State, prompts: [[Int]], stepLimits: [Int],
        sourceLengths: [Int]? = nil, aligning: Bool = false
    ) throws(SearchError) -> [[Hypothesis]] {
        try found(
            by: decoder, from: state, prompts: prompts, stepLimits: stepLimits, sourceLengths: sourceLengths,
            aligning: aligning
        ).map(\.hypotheses)
    }

    /// The same search, with what the beam held for each source at each step.
    /// - Throws: as above.
    public func recordedSearch<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, prompts: [[Int]], stepLimits: [Int],
        sourceLengths: [Int]? = nil, aligning: Bool = false
    ) throws(SearchError) -> [RecordedSearch] {
        try found(
            by: decoder, from: state, prompts: prompts, stepLimits: stepLimits, sourceLengths: sourceLengths,
            aligning: aligning, in: BeamHistory()
        ).map { RecordedSearch(hypotheses: $0.hypotheses, history: $0.history ?? BeamHistory()) }
    }

    /// Both: hypotheses, and where a history is given to be written in, what the beam held.
    /// - Throws: as above.
    package func found<Decoder: StepDecoder>(
        by decoder: Decoder, from state: Decoder.State, prompts: [[Int]], stepLimits: [Int], sourceLengths: [Int]?,
        aligning: Bool, in history: BeamHistory? = nil
    ) throws(SearchError) -> [(hypotheses: [Hypothesis], history: BeamHistory?)] {
        try checkSettings()
        try sampling?.settings.checkSettings()
        guard sourceLengths?.count ?? state.rowCount == state.rowCount else {
            throw .shape(
                ShapeError(
                    "search", expected: "a length for each of \(state.rowCount) sources",
                    found: "\(sourceLengths?.count ?? 0)"))
        }
        let rule = BeamRule(settings: self, sourceLengths: sourceLengths)
        let searches = try Search(
            decoder: decoder, rule: rule, prompts: prompts, aligning: aligning || coveragePenalty != nil,
            history: history
        ).run(from: state, stepLimits: stepLimits)
        return try SearchError.wrapping { () throws(ShapeError) in
            var results: [(hypotheses: [Hypothesis], history: BeamHistory?)] = []
            for search in searches {
                let best = try best(of: search, rule)
                results.append((aligning ? best : best.map { $0.withoutAlignments() }, search.history))
            }
            return results
        }
    }

    /// The best finished hypotheses of a source and, if they are too few, the best that were cut off.
    private func best(of search: SourceSearch, _ rule: BeamRule) throws(ShapeError) -> [Hypothesis] {
        var cutOff: [Hypothesis] = []
        for live in search.live { cutOff.append(try rule.ended(live, by: .cut, source: search.index)) }
        if ending.ranksCutOff, search.live.allSatisfy({ $0.tokens.count >= search.stepLimit }) {
            return Array(ranked(search.finished + cutOff).prefix(hypothesisCount))
        }
        return Array((ranked(search.finished) + cutOff).prefix(hypothesisCount))
    }

    private func checkSettings() throws(SearchError) {
        guard beamSize >= 1 else { throw .setting(name: "beamSize", expected: "at least 1", found: "\(beamSize)") }
        guard 1...beamSize ~= hypothesisCount else {
            throw .setting(
                name: "hypothesisCount", expected: "1 to \(beamSize), the beam size,", found: "\(hypothesisCount)")
        }
        switch lengthNormalization {
        case .gnmt(let alpha), .power(let alpha):
            guard alpha.isFinite else {
                throw .setting(name: "alpha", expected: "a finite number", found: "\(alpha)")
            }
        case .none, .mean: break
        }
        if let weight = coveragePenalty?.weight, !(weight >= 0 && weight.isFinite) {
            throw .setting(
                name: "the weight of coverage", expected: "a finite number from 0 up", found: "\(weight)")
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
