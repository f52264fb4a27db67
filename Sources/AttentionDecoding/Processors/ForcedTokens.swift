/// Tokens that must stand at a place: the language of a translation first, an end where there is no more room.
public struct ForcedTokens: LogitProcessor, Hashable {
    /// Where they must stand.
    public enum Place: Sendable, Hashable {
        /// Behind the first token of the text, the prompt counting.
        case second
        /// Where the last token is that may be written.
        case last
    }

    /// One of these is written.
    public let tokens: [Int]
    /// Where.
    public let place: Place

    /// One of these tokens at this place.
    public init(_ tokens: [Int], at place: Place) { (self.tokens, self.place) = (tokens, place) }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        switch place {
        case .second: if text.count == 1 { scores.force(tokens) }
        case .last: if text.tokens.count == text.limit - 1 { scores.force(tokens) }
        }
    }
}
