/// How a model generates: how far, by which search, and what is allowed. What transformers' `generation_config.json` says, with its defaults.
public struct GenerationConfiguration: Sendable, Hashable {
    // How far.

    /// How many tokens are written at most; nil leaves it to `lengthLimit`.
    public var newTokenLimit: Int?
    /// How many tokens a text has at most, the prompt included; nil for no limit.
    public var lengthLimit: Int?
    /// How many tokens are written at least before an end.
    public var minimumNewTokens = 0
    /// How many tokens a text has at least, the prompt included.
    public var minimumLength = 0

    // By which search.

    /// How many hypotheses live; 1 for one token after the other.
    public var beamSize = 1
    /// How many texts are wanted for each prompt.
    public var returnCount = 1
    /// α: hypotheses are ranked by ln P / length^α.
    public var lengthPenalty = 1.0
    /// When a search with beams is done.
    public var ending = BeamSearch.Ending.unlikely
    /// Whether tokens, or what beams go on with, are drawn at random.
    public var isSampling = false
    /// Below 1 likely tokens become likelier, above 1 less so.
    public var temperature = 1.0
    /// How many of the likeliest tokens may be drawn; nil for all.
    public var topK: Int? = 50
    /// The share of the likeliest tokens that may be drawn.
    public var topP = 1.0
    /// The least share of the likeliest token's probability; nil for none.
    public var minP: Double?
    /// The share of the most typical tokens; 1 for all.
    public var typicalP = 1.0

    // What is allowed.

    /// See `RepetitionPenalty`; 1 for none.
    public var repetitionPenalty = 1.0
    /// See `PresencePenalty`; 0 for none.
    public var presencePenalty = 0.0
    /// How many tokens in a row are not written twice; 0 for any.
    public var repeatedSequenceLength = 0
    /// Words that may not be written, as tokens.
    public var badWords: [[Int]] = []
    /// What is added where a word would be completed.
    public var sequenceBias: [[Int]: Float] = [:]
    /// Tokens that may not be written.
    public var suppressedTokens: Set<Int> = []
    /// Tokens that may not be written first.
    public var suppressedFirstTokens: Set<Int> = []
    /// What must stand behind the first token; nil for anything.
    public var forcedFirstToken: Int?
    /// One of these must stand where no more fits; empty for anything.
    public var forcedLastTokens: [Int] = []
    /// Whether what is left is made a distribution again, so that beams compare probabilities.
    public var renormalizes = false

    // The ids with a meaning of their own.

    /// Each of these ends a text.
    public var endTokens: Set<Int> = []
    /// What a decoder begins with whose prompt is not its own: a translator's.
    public var startToken: Int?

    /// The defaults.
    public init() {}
}

extension GenerationConfiguration {
    /// What all kinds of search obey, for a prompt of so many tokens; the order is the reference's.
    /// - Parameter more: what acts behind all of the configuration's but the last.
    func rules(
        promptLength: Int, stops: [any StoppingRule], more: [any LogitProcessor] = []
    ) throws(SearchError) -> TokenRules {
        var processors: [any LogitProcessor] = []
        if !sequenceBias.isEmpty { processors.append(SequenceBias(sequenceBias)) }
        if repetitionPenalty != 1 { processors.append(RepetitionPenalty(Float(repetitionPenalty))) }
        if presencePenalty != 0 { processors.append(PresencePenalty(Float(presencePenalty))) }
        if repeatedSequenceLength != 0 { processors.append(try RepeatedSequences(of: repeatedSequenceLength)) }
        let forbidden = badWords.filter { word in !(word.count == 1 && endTokens.contains(word[0])) }
        if !forbidden.isEmpty { processors.append(SequenceBias.forbidding(forbidden)) }
        if minimumLength > 0 {
            processors.append(MinimumLength(minimumLength, before: endTokens, includingPrompt: true))
        }
        if minimumNewTokens > 0 { processors.append(MinimumLength(minimumNewTokens, before: endTokens)) }
        if let forcedFirstToken { processors.append(ForcedTokens([forcedFirstToken], at: .second)) }
        if !forcedLastTokens.isEmpty { processors.append(ForcedTokens(forcedLastTokens, at: .last)) }
        if !suppressedTokens.isEmpty { processors.append(SuppressedTokens(suppressedTokens)) }
        if !suppressedFirstTokens.isEmpty {
            // What is forced is not the first that is free.
            let place = promptLength == 1 && forcedFirstToken != nil ? 1 : 0
            processors.append(SuppressedTokens(suppressedFirstTokens, at: .behind(place)))
        }
        processors += more
        if renormalizes { processors.append(Renormalization()) }
        return TokenRules(endTokens: endTokens, processors: processors, stops: stops)
    }

    /// How many tokens may be written behind a prompt of so many.
    func stepLimit(promptLength: Int) -> Int {
        if let newTokenLimit { return newTokenLimit }
        return max(0, (lengthLimit ?? .max) - promptLength)
    }
}
