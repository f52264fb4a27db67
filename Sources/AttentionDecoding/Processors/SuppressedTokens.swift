/// Tokens that are never written, or never first: padding and the start token, or what the configuration says.
public struct SuppressedTokens: LogitProcessor, Hashable {
    /// When they may not be written.
    public enum Place: Sendable, Hashable {
        /// Nowhere.
        case everywhere
        /// Only behind so many tokens that the search wrote itself.
        case behind(Int)
    }

    /// The tokens.
    public let tokens: Set<Int>
    /// Where they are suppressed.
    public let place: Place

    /// Tokens that may not be written at this place.
    public init(_ tokens: Set<Int>, at place: Place = .everywhere) { (self.tokens, self.place) = (tokens, place) }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        if case .behind(let count) = place, text.tokens.count != count { return }
        for token in tokens { scores.forbid(token) }
    }
}
