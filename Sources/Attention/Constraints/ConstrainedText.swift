public import AttentionDecoding
public import AttentionText

/// Holds what is written to a language: a regular expression or a JSON schema. Tokens whose text would leave it are forbidden, and so is an
/// end before the text may end; where nothing can follow any more, the text ends.
///
/// ```swift
/// generator.constraint = try ConstrainedText(.init(jsonSchema: schema), tokenizer: tokenizer, endTokens: [2])
/// ```
///
/// Where a limit of tokens cuts the text off, it need not be whole.
///
/// Source: Willard & Louf 2023, *Efficient Guided Generation for Large Language Models*.
public struct ConstrainedText: LogitProcessor, StoppingRule {
    private let follower: LanguageFollower
    private let endTokens: Set<Int>

    /// The texts of a language in the tokens of a vocabulary.
    /// - Throws: `TextLanguageError` if these tokens can spell none of them.
    public init(_ language: TextLanguage, tokenizer: Tokenizer, endTokens: Set<Int>) throws(TextLanguageError) {
        follower = try LanguageFollower(
            language, first: tokenizer.addedBytes(isFirst: true), later: tokenizer.addedBytes(isFirst: false))
        self.endTokens = endTokens
    }

    /// - Complexity: O(vocabulary), and for a state that is met for the first time O(bytes of the pieces that begin rightly).
    public func process(_ scores: TokenScores, after text: WrittenText) {
        let choices = follower.choices(behind: text.tokens)
        for token in 0..<scores.count
        where !(endTokens.contains(token) ? choices.mayEnd : choices.tokens.contains(token)) {
            scores.forbid(token)
        }
    }

    public func stops(behind tokens: [Int]) -> Bool { follower.choices(behind: tokens).tokens.isEmpty }

    /// Whether these tokens are a whole text.
    public func isWhole(_ tokens: [Int]) -> Bool {
        follower.choices(behind: tokens.filter { !endTokens.contains($0) }).mayEnd
    }
}
