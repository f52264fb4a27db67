internal import AttentionTensors

/// Looks for likely sequences by keeping the likeliest few hypotheses after each step.
///
/// At every step all continuations of a source's live hypotheses are ranked by ln P, of equals the one with the lower token id and then of
/// the better hypothesis first. Those among the best `beamSize` that end a hypothesis are finished; the best `beamSize` others live on.
/// A source is done when `beamSize` hypotheses are finished, when no live one can come among the best `hypothesisCount` any more,
/// or at its limit. Source: Sutskever et al. 2014, section 3.2; Wu et al. 2016, section 7, for the length normalisation.
public struct BeamSearch: Sendable, Hashable {
    /// How many hypotheses live after each step.
    public var beamSize: Int
    /// How many of the best hypotheses are returned, at most `beamSize`.
    public var hypothesisCount: Int
    /// How finished hypotheses of different lengths are compared.
    public var lengthNormalization: LengthNormalization
    /// Which tokens mean an end, and which may not be written.
    public var tokens: TokenRules

    /// A search for the best `hypothesisCount` hypotheses.
    public init(
        beamSize: Int = 5, hypothesisCount: Int = 1, lengthNormalization: LengthNormalization = .gnmt(),
        tokens: TokenRules
    ) {
        self.beamSize = beamSize
        self.hypothesisCount = hypothesisCount
        self.lengthNormalization = lengthNormalization
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
    ///   - aligning: Whether hypotheses say where the decoder looked, which costs something at every step.
    /// - Returns: For each source its hypotheses, best first: finished ones by their score, then, if they are fewer than asked for, those
    ///   that were cut off.
    /// - Throws: `SearchError` if a setting makes no sense, the decoder refuses a step, its logits cannot be ranked, or the task
    ///   is cancelled.
    /// - Complexity: As many steps of at most B · `beamSize` rows as the longest hypothesis has tokens.
    public func search<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, startTokens: [Int], stepLimits: [Int],
        aligning: Bool = false
    ) throws(SearchError) -> [[Hypothesis]] {
        try checkSettings()
        let searches = try Search(decoder: decoder, rule: self, startTokens: startTokens, aligning: aligning)
            .run(from: state, stepLimits: stepLimits)
        return try SearchError.wrapping { () throws(ShapeError) in
            var results: [[Hypothesis]] = []
            for search in searches { results.append(try best(of: search)) }
            return results
        }
    }

    /// The best finished hypotheses of a source and, if they are too few, the best that were cut off.
    private func best(of search: SourceSearch) throws(ShapeError) -> [Hypothesis] {
        var result = Array(ranked(search.finished).prefix(hypothesisCount))
        for cutOff in search.live.prefix(hypothesisCount - result.count) {
            result.append(try cutOff.ended(by: nil, lengthNormalization))
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
    }

    /// By score; of equals the one that ended first.
    private func ranked(_ finished: [Hypothesis]) -> [Hypothesis] {
        finished.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
    }
}

extension BeamSearch {
    /// Search with a beam of 1: the likeliest token at each step.
    public static func greedy(tokens: TokenRules) -> BeamSearch {
        BeamSearch(beamSize: 1, lengthNormalization: .none, tokens: tokens)
    }
}

extension BeamSearch: SearchRule {
    func continuations(
        of live: [LiveHypothesis], in logProbabilities: LogProbabilities, rows: Range<Int>, source: Int, step: Int
    ) throws(SearchError) -> [Continuation] {
        // Of each row, enough choices that `beamSize` are left without the ends.
        let count = min(beamSize, logProbabilities.vocabularySize) + tokens.endTokens.count
        var candidates: [(sum: Double, continuation: Continuation)] = []
        for (parent, row) in rows.enumerated() {
            guard let choices = logProbabilities.best(count, row: row) else {
                throw .unrankedLogits(source: source, step: step)
            }
            for choice in choices {
                let sum = live[parent].logProbability + Double(choice.logProbability)
                candidates.append((sum, Continuation(parent: parent, choice: choice)))
            }
        }
        candidates.sort { first, second in
            let (x, y) = (first.continuation, second.continuation)
            return (second.sum, x.choice.token, x.parent) < (first.sum, y.choice.token, y.parent)
        }
        var (kept, livingCount): ([Continuation], Int) = ([], 0)
        for (rank, (_, continuation)) in candidates.enumerated() {
            if tokens.endTokens.contains(continuation.choice.token) {
                if rank < beamSize { kept.append(continuation) }
            } else if livingCount < beamSize {
                kept.append(continuation)
                livingCount += 1
            }
        }
        return kept
    }

    func isSettled(_ search: SourceSearch) -> Bool {
        guard search.finished.count < beamSize else { return true }
        guard search.finished.count >= hypothesisCount else { return false }
        let worst = ranked(search.finished)[hypothesisCount - 1].score
        return search.live.allSatisfy { bestScore(of: $0, stepLimit: search.stepLimit) <= worst }
    }

    /// What a live hypothesis can reach at most: its sum never grows, so the best is to lose nothing more and to end where the divisor,
    /// which only grows or only shrinks with length, is largest.
    private func bestScore(of live: LiveHypothesis, stepLimit: Int) -> Double {
        max(
            live.logProbability / lengthNormalization.divisor(live.tokens.count + 1),
            live.logProbability / lengthNormalization.divisor(stepLimit))
    }
}
