/// Makes tokens of the text less likely: positive scores are divided by the penalty, negative ones multiplied (Keskar et al. 2019, *CTRL*,
/// sec. 4.1).
public struct RepetitionPenalty: LogitProcessor, Hashable {
    /// Above 1 for less repetition, below for more.
    public let penalty: Float

    /// A penalty for every token that stands in the prompt or was written.
    public init(_ penalty: Float) { self.penalty = penalty }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        for token in Set(text.all) {
            let score = scores[token]
            scores[token] = score < 0 ? score * penalty : score / penalty
        }
    }
}

/// Takes a constant off the scores of tokens that were written already, the prompt not counting.
public struct PresencePenalty: LogitProcessor, Hashable {
    /// What is taken off.
    public let penalty: Float

    /// A penalty for every token that was written.
    public init(_ penalty: Float) { self.penalty = penalty }

    public func process(_ scores: TokenScores, after text: WrittenText) {
        for token in Set(text.tokens) { scores[token] -= penalty }
    }
}
