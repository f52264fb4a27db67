public import AttentionTensors

/// Writes tokens behind prompts with any step decoder, as a configuration says: one token after the other, at random, or by beams.
///
/// ```swift
/// let found = try Generation(configuration)(decoder, from: state, prompts: [[1, 15, 8]])
/// print(found[0][0].tokens)
/// ```
///
/// A language model's state has read nothing and its prompts are the texts; that of a translator has read the source and its prompts are the
/// start token. Nothing else differs.
public struct Generation: Sendable {
    /// How far, by which search, and what is allowed.
    public var configuration: GenerationConfiguration
    /// Where randomness comes from.
    public var key: RandomKey
    /// What ends a text besides the configuration's end tokens.
    public var stops: [any StoppingRule]
    /// What else decides which tokens may be written, behind the configuration's rules.
    public var processors: [any LogitProcessor]
    /// How many of the likeliest tokens are told beside each that is written.
    public var alternativeCount = 0

    /// Generation by these rules.
    public init(
        _ configuration: GenerationConfiguration, key: RandomKey = RandomKey(seed: 0), stops: [any StoppingRule] = [],
        processors: [any LogitProcessor] = []
    ) {
        (self.configuration, self.key, self.stops, self.processors) = (configuration, key, stops, processors)
    }

    /// The texts that the configuration asks for behind each prompt, best first, or in the order in which they were drawn.
    ///
    /// A row does not depend on the others. With beams and sampling, what goes on is drawn, see `BeamSampling`. The score of a text is ln P of its tokens, divided by length^α in a search with beams; end tokens
    /// count. Probabilities are those that the processors leave: of logits where there is one beam, of log-probabilities where there are more.
    /// - Parameters:
    ///   - state: what the decoder remembers of each row; it has not read the prompts.
    ///   - prompts: the tokens that each row begins with, at least one for each.
    ///   - receive: told of each token at once, and of the row it belongs to; with beams, or where several texts are wanted, never.
    /// - Throws: `SearchError` if a setting makes no sense, the decoder refuses a token, its logits cannot be ranked, or the task is cancelled.
    public func callAsFunction<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, prompts: [[Int]],
        receive: ((_ row: Int, _ token: WrittenToken) -> Void)? = nil
    ) throws(SearchError) -> [[Hypothesis]] {
        try found(by: decoder, from: state, prompts: prompts, receive: receive).map(\.hypotheses)
    }

    /// The same texts, with what the beam held for each row at each step; nothing is written down where there is one hypothesis alone.
    /// - Throws: as above.
    public func recorded<Decoder: StepDecoder>(
        _ decoder: Decoder, from state: Decoder.State, prompts: [[Int]]
    ) throws(SearchError) -> [RecordedSearch] {
        try found(by: decoder, from: state, prompts: prompts, in: BeamHistory()).map {
            RecordedSearch(hypotheses: $0.hypotheses, history: $0.history ?? BeamHistory())
        }
    }

    /// Both: texts, and where a history is given to be written in, what the beam held.
    private func found<Decoder: StepDecoder>(
        by decoder: Decoder, from state: Decoder.State, prompts: [[Int]], in history: BeamHistory? = nil,
        receive: ((_ row: Int, _ token: WrittenToken) -> Void)? = nil
    ) throws(SearchError) -> [(hypotheses: [Hypothesis], history: BeamHistory?)] {
        try check()
        guard prompts.count == state.rowCount else {
            throw .shape(
                ShapeError("generate", expected: "\(state.rowCount) prompts", found: "\(prompts.count)"))
        }
        let lengths = Set(prompts.map(\.count))
        guard configuration.suppressedFirstTokens.isEmpty || lengths.count <= 1 else {
            throw .setting(
                name: "suppressedFirstTokens", expected: "prompts of one length",
                found: "\(lengths.sorted().map(String.init).joined(separator: ", "))")
        }
        let rules = try configuration.rules(
            promptLength: prompts.first?.count ?? 0, stops: stops, more: processors)
        let limits = prompts.map { configuration.stepLimit(promptLength: $0.count) }
        if configuration.beamSize > 1 {
            return try beams(rules).found(
                by: decoder, from: state, prompts: prompts, stepLimits: limits, sourceLengths: nil, aligning: false,
                in: history)
        }
        return try sampling(rules).search(
            decoder, from: state, prompts: prompts, stepLimits: limits, keys: prompts.indices.map { key[$0] },
            alternativeCount: alternativeCount, receive: configuration.returnCount == 1 ? receive : nil
        ).map { (hypotheses: $0, history: nil) }
    }

    private func beams(_ rules: TokenRules) -> BeamSearch {
        BeamSearch(
            beamSize: configuration.beamSize, hypothesisCount: configuration.returnCount,
            lengthNormalization: .power(configuration.lengthPenalty), ending: configuration.ending,
            sampling: configuration.isSampling ? BeamSampling(sampling(rules), key: key) : nil, tokens: rules)
    }

    private func sampling(_ rules: TokenRules) -> Sampling {
        guard configuration.isSampling else { return .greedy(tokens: rules) }
        return Sampling(
            temperature: configuration.temperature, topK: configuration.topK, topP: configuration.topP,
            minP: configuration.minP, typicalP: configuration.typicalP, sampleCount: configuration.returnCount,
            tokens: rules)
    }

    private func check() throws(SearchError) {
        if !configuration.isSampling, configuration.beamSize == 1, configuration.returnCount > 1 {
            throw .setting(
                name: "returnCount", expected: "1 without beams or sampling, which find no second text,",
                found: "\(configuration.returnCount)")
        }
        guard configuration.repetitionPenalty > 0, configuration.repetitionPenalty.isFinite else {
            throw .setting(
                name: "repetitionPenalty", expected: "a finite number above 0",
                found: "\(configuration.repetitionPenalty)")
        }
        for (name, count) in [
            ("minimumNewTokens", configuration.minimumNewTokens), ("newTokenLimit", configuration.newTokenLimit ?? 0),
        ] where count < 0 {
            throw .setting(name: name, expected: "at least 0", found: "\(count)")
        }
    }
}
