internal import AttentionTensors

/// How a beam goes on, with what it must know of each source.
struct BeamRule: SearchRule {
    let settings: BeamSearch
    /// The tokens of each source; nil counts all that the decoder looks at.
    let sourceLengths: [Int]?

    var tokens: TokenRules { settings.tokens }
    var stage: ProcessingStage { .logProbabilities }

    func ended(
        _ live: LiveHypothesis, by end: Ending, source: Int
    ) throws(ShapeError) -> Hypothesis {
        try live.ended(by: end) { sum, length, alignments in
            let loss = settings.coveragePenalty?.loss(
                alignments, tokenCount: live.tokens.count, sourceLength: sourceLengths?[source])
            return sum / settings.lengthNormalization.divisor(length) - (loss ?? 0)
        }
    }

    func continuations(
        of search: SourceSearch, in logProbabilities: LogProbabilities, rows: Range<Int>, step: Int
    ) throws(SearchError) -> [Continuation] {
        // Of each row, enough choices that `beamSize` are left without the ends.
        let beamSize = settings.beamSize
        let count = min(beamSize, logProbabilities.vocabularySize) + tokens.endTokens.count
        var candidates: [BeamCandidate] = []
        for (parent, row) in rows.enumerated() {
            let found =
                if let sampling = settings.sampling, sampling.settings.temperature > 0 {
                    sampling.settings.choices(in: logProbabilities, row: row)
                } else { logProbabilities.best(count, row: row) }
            guard let choices = found else { throw .unrankedLogits(source: search.index, step: step) }
            for choice in choices {
                let sum = search.live[parent].logProbability + Double(choice.logProbability)
                candidates.append((sum, Continuation(parent: parent, choice: choice)))
            }
        }
        if let sampling = settings.sampling {
            candidates = sampling.drawn(
                max(2, 1 + tokens.endTokens.count) * beamSize, of: candidates, source: search.index, step: step)
        }
        candidates.sort { first, second in
            let (x, y) = (first.continuation, second.continuation)
            return (second.sum, x.choice.token, x.parent) < (first.sum, y.choice.token, y.parent)
        }
        // What is cut off here and now is ranked with what has ended, if it is among the best.
        if settings.ending.ranksCutOff, step + 1 == search.stepLimit { return candidates.prefix(beamSize).map(\.1) }
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
        let isFull = search.finished.count >= settings.beamSize
        switch settings.ending {
        case .proven:
            guard !isFull else { return true }
            guard search.finished.count >= settings.hypothesisCount else { return false }
            let worst = settings.ranked(search.finished)[settings.hypothesisCount - 1].score
            return search.live.allSatisfy { bestScore(of: $0, stepLimit: search.stepLimit) <= worst }
        case .full: return isFull
        case .unlikely, .hopeless:
            guard isFull, let best = search.live.first else { return isFull }
            let worst = settings.ranked(search.finished)[settings.beamSize - 1].score
            let length =
                settings.ending == .hopeless && settings.lengthNormalization.favoursLength
                ? search.stepLimit : best.tokens.count
            return best.logProbability / settings.lengthNormalization.divisor(length) <= worst
        }
    }

    /// What a live hypothesis can reach at most: its sum never grows, so the best is to lose nothing more, to have looked at everything and
    /// to end where the divisor, which only grows or only shrinks with length, is largest.
    private func bestScore(of live: LiveHypothesis, stepLimit: Int) -> Double {
        max(
            live.logProbability / settings.lengthNormalization.divisor(live.tokens.count + 1),
            live.logProbability / settings.lengthNormalization.divisor(stepLimit))
    }
}
