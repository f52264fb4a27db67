/// Which tokens mean an end, and which may not be written.
public struct TokenRules: Sendable, Hashable {
    /// Each of these ends a hypothesis.
    public var endTokens: Set<Int>
    /// Never written, for example padding and the start token. Their probability is not shared out among the others.
    public var bannedTokens: Set<Int>
    /// How many tokens a hypothesis has at least before it may end.
    public var minimumLength: Int

    /// Rules for a vocabulary with these tokens.
    public init(endTokens: Set<Int>, bannedTokens: Set<Int> = [], minimumLength: Int = 0) {
        (self.endTokens, self.bannedTokens, self.minimumLength) = (endTokens, bannedTokens, minimumLength)
    }

    /// The tokens that may not be written after `length` others.
    func forbiddenTokens(after length: Int) -> Set<Int> {
        length < minimumLength ? bannedTokens.union(endTokens) : bannedTokens
    }
}
