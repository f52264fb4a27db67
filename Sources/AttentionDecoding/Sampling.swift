public import AttentionTensors

/// Draws sequences at random, token by token, from the decoder's distribution or its likely part.
///
/// The tokens of a step are first reweighted to P^(1/temperature), then cut down to the `topK` likeliest, then to the smallest set of
/// likeliest ones whose share reaches `topP`. Source: Fan et al. 2018, section 5.4 (top-k); Holtzman et al. 2020, section 3.1 (top-p).
public struct Sampling: Sendable, Hashable {
    /// Below 1 likely tokens become likelier, above 1 less so; 0 always takes the likeliest.
    public var temperature: Double
    /// How many of the likeliest tokens may be drawn; nil for all.
    public var topK: Int?
    /// The share of the likeliest tokens that may be drawn, above 0 and at most 1; nil for all.
    public var topP: Double?
    /// How many sequences are drawn for each source.
    public var sampleCount: Int
    /// Which tokens mean an end, and which may not be written.
    public var tokens: TokenRules

    /// Sampling with these settings.
    public init(
        temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, sampleCount: Int = 1, tokens: TokenRules
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.sampleCount = sampleCount
        self.tokens = tokens
    }

    /// Draws continuations of each row of `state`.
    ///
    /// The tokens of a sample depend on its source, the source's key and the number of the sample alone, not on what else is in the batch.
    /// - Parameters:
    ///   - decoder: What tells how likely each token is.
    ///   - state: What the decoder remembers of B sources, one row each.
    ///   - startTokens: The token that each source's samples follow, B of them.
    ///   - stepLimits: How many tokens to write at most for each source, the end token included.
    ///   - keys: Where the randomness of each source's samples comes from, B of them.
    ///   - aligning: Whether samples say where the decoder looked, which costs something at every step.
    /// - Returns: For each source its samples in the order of their numbers. Log-probabilities are the decoder's own, untouched by
    ///   temperature or cuts; the score is their sum.
    /// - Throws: `SearchError` if a setting makes no sense, the decoder refuses a step, its logits cannot be ranked, or the task
    ///   is cancelled.
    public func search<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, startTokens: [Int], stepLimits: [Int], keys: [RandomKey],
        aligning: Bool = false
    ) throws(SearchError) -> [[Hypothesis]] {
        try checkSettings()
        let rows = (0..<state.rowCount).flatMap { [Int](repeating: $0, count: sampleCount) }
        guard [startTokens.count, stepLimits.count, keys.count].allSatisfy({ $0 == state.rowCount }) else {
            throw .shape(
                ShapeError(
                    "search", expected: "a start token, a limit and a key for each of \(state.rowCount) sources",
                    found: "\(startTokens.count), \(stepLimits.count) and \(keys.count)"))
        }
        let rule = SamplingRule(settings: self, keys: rows.indices.map { keys[rows[$0]][$0 % sampleCount] })
        let start = try SearchError.wrapping { () throws(ShapeError) in try state.selecting(rows) }
        let searches = try Search(
            decoder: decoder, rule: rule, startTokens: rows.map { startTokens[$0] }, aligning: aligning
        )
        .run(from: start, stepLimits: rows.map { stepLimits[$0] })
        return try SearchError.wrapping { () throws(ShapeError) in
            var results = [[Hypothesis]](repeating: [], count: state.rowCount)
            for search in searches {
                results[rows[search.index]] += search.finished
                if let cutOff = search.live.first {
                    results[rows[search.index]].append(try rule.ended(cutOff, by: nil, source: search.index))
                }
            }
            return results
        }
    }

    private func checkSettings() throws(SearchError) {
        guard temperature >= 0, temperature.isFinite else {
            throw .setting(name: "temperature", expected: "a finite number from 0 up", found: "\(temperature)")
        }
        if let topK, topK < 1 { throw .setting(name: "topK", expected: "at least 1", found: "\(topK)") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw .setting(name: "topP", expected: "a share above 0 and at most 1", found: "\(topP)")
        }
        guard sampleCount >= 1 else {
            throw .setting(name: "sampleCount", expected: "at least 1", found: "\(sampleCount)")
        }
    }
}

/// Each sample is searched as a source of its own, with one live hypothesis and a key.
private struct SamplingRule: SearchRule {
    let settings: Sampling
    let keys: [RandomKey]

    var tokens: TokenRules { settings.tokens }

    func ended(_ live: LiveHypothesis, by end: TokenChoice?, source: Int) throws(ShapeError) -> Hypothesis {
        try live.ended(by: end) { sum, _, _ in sum }
    }

    func isSettled(_ search: SourceSearch) -> Bool { false }

    func continuations(
        of live: [LiveHypothesis], in logProbabilities: LogProbabilities, rows: Range<Int>, source: Int, step: Int
    ) throws(SearchError) -> [Continuation] {
        guard let choices = settings.choices(in: logProbabilities, row: rows.lowerBound) else {
            throw .unrankedLogits(source: source / settings.sampleCount, step: step)
        }
        var generator = keys[source][step].generator()
        let uniform = Double(generator.next() >> 11) * 0x1p-53
        return settings.draw(from: choices, uniform).map { [Continuation(parent: 0, choice: $0)] } ?? []
    }
}
