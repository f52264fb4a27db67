import Attention

/// A piece of text, and what is known of its tokens.
struct ScoredText: Sendable {
    let text: String
    /// Nothing where it was not asked for.
    var tokens: [ScoredToken] = []
}

/// A token as text, ln P of it, and the likeliest at its place.
struct ScoredToken: Sendable {
    let text: String
    let logProbability: Float
    let alternatives: [Alternative]

    struct Alternative: Sendable {
        let text: String
        let logProbability: Float
    }
}

/// What each token says in the text that it stands in: a space before a word belongs to some tokens, and a token may be a part of a character.
struct TokenTexts {
    private let tokenizer: Tokenizer
    /// The last tokens that were written.
    private var context: [Int] = []

    /// Of what decides the text of a token, nothing lies further back.
    private static var reach: Int { 6 }

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    /// The next token.
    mutating func scored(_ token: WrittenToken) -> ScoredToken {
        let known = tokenizer.decode(context, skippingSpecialTokens: false)
        let result = ScoredToken(
            text: text(of: token.choice, behind: known), logProbability: token.choice.logProbability,
            alternatives: token.alternatives.map {
                ScoredToken.Alternative(text: text(of: $0, behind: known), logProbability: $0.logProbability)
            })
        context = (context + [token.choice.token]).suffix(Self.reach)
        return result
    }

    /// What a token adds to what is known; a part of a character that is complete with it counts as its own.
    private func text(of choice: TokenChoice, behind known: String) -> String {
        let all = tokenizer.decode(context + [choice.token], skippingSpecialTokens: false)
        let common = zip(known.unicodeScalars, all.unicodeScalars).prefix { $0 == $1 }.count
        return String(all.unicodeScalars.dropFirst(common))
    }
}
