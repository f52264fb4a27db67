public import AttentionTensors

/// Draws sequences at random, token by token, from the decoder's distribution or its likely part.
///
/// The tokens of a step are first reweighted to P^(1/temperature), then cut down to the `topK` likeliest, then to the smallest set of
/// likeliest ones whose share reaches `topP`, to those no less likely than `minP` times the likeliest, and to the smallest set of most
/// typical ones whose share reaches `typicalP`. Source: Fan et al. 2018, section 5.4 (top-k); Holtzman et al. 2020, section 3.1 (top-p);
/// Nguyen et al. 2024, section 3 (min-p); Meister et al. 2023, section 4 (typical).
public struct Sampling: Sendable {
    /// Below 1 likely tokens become likelier, above 1 less so; 0 always takes the likeliest.
    public var temperature: Double
    /// How many of the likeliest tokens may be drawn; nil for all.
    public var topK: Int?
    /// The share of the likeliest tokens that may be drawn, above 0 and at most 1; nil for all.
    public var topP: Double?
    /// The least share of the likeliest token's probability, from 0 to 1, that a token must have; nil for none.
    public var minP: Double?
    /// The share of the tokens whose information is nearest to what is expected, above 0 and at most 1; nil for all.
    public var typicalP: Double?
    /// How many sequences are drawn for each source.
    public var sampleCount: Int
    /// Which tokens mean an end, and which may not be written.
    public var tokens: TokenRules

    /// Sampling with these settings.
    public init(
        temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil, typicalP: Double? = nil,
        sampleCount: Int = 1, tokens: TokenRules
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.typicalP = typicalP
        self.sampleCount = sampleCount
        self.tokens = tokens
    }

    /// Draws continuations of each row of `state`.
    ///
    /// The tokens of a sample depend on its source, the source's key and the number of the sample alone, not on what else is in the batch.
    /// - Parameters:
    ///   - decoder: What tells how likely each token is.
    ///   - state: What the decoder remembers of B sources, one row each.
    ///   - prompts: The tokens that each source's samples follow, which `state` has not read yet: B lists of at least one.
    ///   - stepLimits: How many tokens to write at most for each source, the end token included.
    ///   - keys: Where the randomness of each source's samples comes from, B of them.
    ///   - aligning: Whether samples say where the decoder looked, which costs something at every step.
    ///   - alternativeCount: How many of the likeliest tokens are told beside each that is written.
    ///   - receive: Told of each token at once, and of the sample it goes on: `sampleCount` samples of the first source, then of the next.
    /// - Returns: For each source its samples in the order of their numbers. Log-probabilities are the decoder's own as processors have left
    ///   them, untouched by temperature or cuts; the score is their sum.
    /// - Throws: `SearchError` if a setting makes no sense, the decoder refuses a step, its logits cannot be ranked, or the task
    ///   is cancelled.
    public func search<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, prompts: [[Int]], stepLimits: [Int], keys: [RandomKey],
        aligning: Bool = false, alternativeCount: Int = 0,
        receive: ((_ sample: Int, _ token: WrittenToken) -> Void)? = nil
    ) throws(SearchError) -> [[Hypothesis]] {
        try checkSettings()
        let rows = (0..<state.rowCount).flatMap { [Int](repeating: $0, count: sampleCount) }
        guard [prompts.count, stepLimits.count, keys.count].allSatisfy({ $0 == state.rowCount }) else {
            throw .shape(
                ShapeError(
                    "search", expected: "a prompt, a limit and a key for each of \(state.rowCount) sources",
                    found: "\(prompts.count), \(stepLimits.count) and \(keys.count)"))
        }
        let rule = SamplingRule(settings: self, keys: rows.indices.map { keys[rows[$0]][$0 % sampleCount] })
        let start = try SearchError.wrapping { () throws(ShapeError) in try state.selecting(rows) }
        let searches = try Search(
            decoder: decoder, rule: rule, prompts: rows.map { prompts[$0] }, aligning: aligning,
            alternativeCount: alternativeCount, receive: receive
        )
        .run(from: start, stepLimits: rows.map { stepLimits[$0] })
        return try SearchError.wrapping { () throws(ShapeError) in
            var results = [[Hypothesis]](repeating: [], count: state.rowCount)
            for search in searches {
                results[rows[search.index]] += search.finished
                if let cutOff = search.live.first {
                    results[rows[search.index]].append(try rule.ended(cutOff, by: .cut, source: search.index))
                }
            }
            return results
        }
    }

    func checkSettings() throws(SearchError) {
        guard temperature >= 0, temperature.isFinite else {
            throw .setting(name: "temperature", expected: "a finite number from 0 up", found: "\(temperature)")
        }
        if let topK, topK < 1 { throw .setting(name: "topK", expected: "at least 1", found: "\(topK)") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw .setting(name: "topP", expected: "a share above 0 and at most 1", found: "\(topP)")
        }
        if let minP, !(0...1).contains(minP) {
            throw .setting(name: "minP", expected: "a share of 0 to 1", found: "\(minP)")
        }
        if let typicalP, !(typicalP > 0 && typicalP <= 1) {
            throw .setting(name: "typicalP", expected: "a share above 0 and at most 1", found: "\(typicalP)")
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
    var stage: ProcessingStage { .logits }

    func ended(_ live: LiveHypothesis, by end: Ending, source: Int) throws(ShapeError) -> Hypothesis {
        try live.ended(by: end) { sum, _, _ in sum }
    }

    func isSettled(_ search: SourceSearch) -> Bool { false }

    func continuations(
        of search: SourceSearch, in logProbabilities: LogProbabilities, rows: Range<Int>, step: Int
    ) throws(SearchError) -> [Continuation] {
        guard let choices = settings.choices(in: logProbabilities, row: rows.lowerBound) else {
            throw .unrankedLogits(source: search.index / settings.sampleCount, step: step)
        }
        var generator = keys[search.index][step].generator()
        let uniform = Double(generator.next() >> 11) * 0x1p-53
        return settings.draw(from: choices, uniform).map { [Continuation(parent: 0, choice: $0)] } ?? []
    }
}

extension Sampling {
    /// The likeliest token at each step, after processors have changed logits.
    public static func greedy(tokens: TokenRules) -> Sampling { Sampling(temperature: 0, tokens: tokens) }
}
