/// A text that may not end before it has so many tokens.
public struct MinimumLength: LogitProcessor, Hashable {
    /// What would end it.
    public let endTokens: Set<Int>
    /// How many tokens there must be.
    public let count: Int
    /// Whether those of the prompt count.
    public let includesPrompt: Bool

    /// At least `count` tokens before one of these.
    public init(_ count: Int, before endTokens: Set<Int>, includingPrompt: Bool = false) {
        (self.endTokens, self.count, includesPrompt) = (endTokens, count, includingPrompt)
    }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        guard (includesPrompt ? text.count : text.tokens.count) < count else { return }
        for token in endTokens { scores.forbid(token) }
    }
}
