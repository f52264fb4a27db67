/// Which tokens mean an end, and what decides which may be written.
public struct TokenRules: Sendable {
    /// Each of these ends a hypothesis.
    public var endTokens: Set<Int>
    /// What changes scores before tokens are chosen, in this order.
    public var processors: [any LogitProcessor]
    /// What ends hypotheses otherwise; the token after which they end belongs to them.
    public var stops: [any StoppingRule]

    /// Rules for a vocabulary with these tokens.
    /// - Parameters:
    ///   - bannedTokens: never written, for example padding and the start token.
    ///   - minimumLength: how many tokens a hypothesis has at least before it may end.
    public init(
        endTokens: Set<Int>, bannedTokens: Set<Int> = [], minimumLength: Int = 0,
        processors: [any LogitProcessor] = [], stops: [any StoppingRule] = []
    ) {
        self.endTokens = endTokens
        self.stops = stops
        self.processors = []
        if !bannedTokens.isEmpty { self.processors.append(SuppressedTokens(bannedTokens)) }
        if minimumLength > 0 { self.processors.append(MinimumLength(minimumLength, before: endTokens)) }
        self.processors += processors
    }
}
