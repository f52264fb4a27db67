internal import AttentionTensors

/// What tells one kind of search from another.
protocol SearchRule {
    /// Which tokens may be written.
    var tokens: TokenRules { get }
    /// What the processors among them act on.
    var stage: ProcessingStage { get }

    /// A source's hypothesis as a result.
    func ended(_ live: LiveHypothesis, by end: Ending, source: Int) throws(ShapeError) -> Hypothesis

    /// The continuations of a source's live hypotheses that the search goes on with, those by an end token among them; none if nothing
    /// can follow.
    /// - Parameter rows: The rows of `logProbabilities` that belong to the live hypotheses, in their order.
    func continuations(
        of search: SourceSearch, in logProbabilities: LogProbabilities, rows: Range<Int>, step: Int
    ) throws(SearchError) -> [Continuation]

    /// Whether nothing that can still be found would change the result of a source.
    func isSettled(_ search: SourceSearch) -> Bool
}

/// A token after one of a source's live hypotheses.
struct Continuation {
    /// The position of the hypothesis among the live ones.
    let parent: Int
    let choice: TokenChoice
}

/// What has been found for one source.
struct SourceSearch {
    let index: Int
    let stepLimit: Int
    /// The hypotheses that may still grow; at the end of the search, those that were cut off.
    var live = [LiveHypothesis()]
    /// In the order in which they ended.
    var finished: [Hypothesis] = []
    /// What is kept at each step; nil if nobody wants to know.
    var history: BeamHistory?
}

extension SourceSearch {
    /// Moves a hypothesis away that has ended by its last continuation.
    fileprivate mutating func finish(_ hypothesis: Hypothesis, by continuation: Continuation) {
        finished.append(hypothesis)
        history?.note(
            after: continuation.parent, token: continuation.choice.token, logProbability: hypothesis.logProbability,
            score: hypothesis.score)
    }
}

/// The loop that all searches share: step the decoder once for all live hypotheses of all sources, let the rule choose, reorder the
/// decoder's state. A source's rows leave the state when its search ends.
struct Search<Decoder: StepDecoder, Rule: SearchRule> {
    let decoder: Decoder
    let rule: Rule
    /// What the hypotheses of each source follow.
    let prompts: [[Int]]
    /// Whether hypotheses say where the decoder looked.
    let aligning: Bool
    /// How many of the likeliest tokens are told beside each that is written.
    var alternativeCount = 0
    /// Told of each token that goes on a hypothesis, and of its source, at once; nil if nobody listens.
    var receive: ((_ source: Int, _ token: WrittenToken) -> Void)?
    /// What the steps of each source are written down in; nil if nobody wants to know.
    var history: BeamHistory?

    /// Searches for all sources together; none of them has an influence on another.
    /// - Parameter stepLimits: How many steps to take at most for each source.
    func run(from start: Decoder.State, stepLimits: [Int]) throws(SearchError) -> [SourceSearch] {
        try check(start, stepLimits)
        var searches = stepLimits.indices.map {
            SourceSearch(index: $0, stepLimit: stepLimits[$0], history: history)
        }
        var active = searches.indices.filter { searches[$0].stepLimit > 0 }
        var state = try selected(start, active)
        var step = 0
        while !active.isEmpty {
            guard !Task.isCancelled else { throw .cancelled }
            let (logits, alignments) = try next(after: active.flatMap { lastTokens(of: searches[$0]) }, &state)
            let texts = active.flatMap { writtenTexts(of: searches[$0]) }
            let logProbabilities = try SearchError.wrapping { () throws(ShapeError) in
                try LogProbabilities(logits, rule.tokens.processors, rule.stage, after: texts)
            }
            var (searching, survivors, row): ([Int], [Int], Int) = ([], [], 0)
            for source in active {
                let rows = row..<row + searches[source].live.count
                row = rows.upperBound
                let kept = try rule.continuations(
                    of: searches[source], in: logProbabilities, rows: rows, step: step)
                guard !kept.isEmpty else { continue }
                let living = try advance(&searches[source], by: kept, logProbabilities, rows, alignments)
                guard !living.isEmpty, step + 1 < searches[source].stepLimit, !rule.isSettled(searches[source]) else {
                    continue
                }
                searching.append(source)
                survivors += living
            }
            step += 1
            active = searching
            if !active.isEmpty { state = try selected(state, survivors) }
        }
        return searches
    }

    /// What the decoder has not read yet of each live hypothesis: its last token, at first the prompt.
    private func lastTokens(of search: SourceSearch) -> [[Int]] {
        search.live.map { hypothesis in hypothesis.tokens.last.map { [$0] } ?? prompts[search.index] }
    }

    private func writtenTexts(of search: SourceSearch) -> [WrittenText] {
        guard !rule.tokens.processors.isEmpty else { return [] }
        return search.live.map {
            WrittenText(prompt: prompts[search.index], tokens: $0.tokens, limit: search.stepLimit)
        }
    }

    /// Replaces a source's live hypotheses by their continuations, and moves ended ones away.
    /// - Returns: The rows that the live continuations come from.
    private func advance(
        _ search: inout SourceSearch, by continuations: [Continuation], _ logProbabilities: LogProbabilities,
        _ rows: Range<Int>, _ alignments: Tensor?
    ) throws(SearchError) -> [Int] {
        let parents = search.live
        search.live = []
        search.history?.beginStep()
        var living: [Int] = []
        for continuation in continuations {
            let (parent, choice) = (parents[continuation.parent], continuation.choice)
            let row = rows.lowerBound + continuation.parent
            try SearchError.wrapping { () throws(ShapeError) in
                guard !rule.tokens.endTokens.contains(choice.token) else {
                    let ended = try rule.ended(parent, by: .token(choice), source: search.index)
                    search.finish(ended, by: continuation)
                    return
                }
                if let receive {
                    let others = logProbabilities.best(alternativeCount, row: row) ?? []
                    receive(search.index, WrittenToken(choice: choice, alternatives: others))
                }
                let child = parent.extended(by: choice, alignment: try alignments?.at(row))
                if rule.tokens.stops.contains(where: { $0.stops(behind: child.tokens) }) {
                    search.finish(
                        try rule.ended(child, by: .stopped, source: search.index), by: continuation)
                } else {
                    search.live.append(child)
                    search.history?.note(
                        after: continuation.parent, token: choice.token, logProbability: child.logProbability,
                        score: nil)
                    living.append(row)
                }
            }
        }
        return living
    }
}

extension Search {
    private func check(_ start: Decoder.State, _ stepLimits: [Int]) throws(SearchError) {
        let rows = start.rowCount
        guard prompts.count == rows, stepLimits.count == rows else {
            throw .shape(
                ShapeError(
                    "search", expected: "a prompt and a limit for each of \(rows) sources",
                    found: "\(prompts.count) and \(stepLimits.count)"))
        }
    }

    private func selected(_ state: Decoder.State, _ rows: [Int]) throws(SearchError) -> Decoder.State {
        if rows.elementsEqual(0..<state.rowCount) { return state }
        let result = try SearchError.wrapping { () throws(ShapeError) in try state.selecting(rows) }
        guard result.rowCount == rows.count else {
            throw .shape(ShapeError("selecting", expected: "\(rows.count) rows", found: "\(result.rowCount)"))
        }
        return result
    }

    /// One step of the decoder, refused if what it gives does not fit the rows: logits [R, V] and alignments [R, T, L, H, K].
    private func next(
        after tokens: [[Int]], _ state: inout Decoder.State
    ) throws(SearchError) -> (logits: Tensor, alignments: Tensor?) {
        let step: DecoderStep
        do {
            step = try decoder.step(
                tokens, &state, wanting: aligning ? [.logits, .alignments] : .logits)
        } catch {
            // Decoders that several tasks step together refuse whoever is cancelled while they wait.
            throw Task.isCancelled ? .cancelled : .shape(error)
        }
        guard let logits = step.logits, logits.shape.rank == 2, logits.shape[0] == tokens.count,
            state.rowCount == tokens.count
        else {
            throw .shape(
                ShapeError(
                    "step", expected: "logits [\(tokens.count), V] and a state of as many rows",
                    found: "\(step.logits.map { "\($0.shape)" } ?? "no logits") and \(state.rowCount) rows"))
        }
        guard aligning, let alignments = step.alignments else { return (logits, nil) }
        let length = tokens.map(\.count).max() ?? 0
        guard alignments.shape.rank == 5, alignments.shape[0] == tokens.count, alignments.shape[1] == length else {
            throw .shape(
                ShapeError(
                    "step", expected: "alignments [\(tokens.count), \(length), L, H, K]", found: "\(alignments.shape)"))
        }
        // Where the last token of each row looked, [R, L, H, K].
        return try SearchError.wrapping { () throws(ShapeError) in
            guard length > 1 else { return (logits, try alignments.squeezed(axis: 1)) }
            var last: [Tensor] = []
            for (row, read) in tokens.enumerated() { last.append(try alignments.at(row).at(read.count - 1)) }
            return (logits, try stacked(last))
        }
    }
}
