public import AttentionTensors

/// A sequence that a search proposes.
public struct Hypothesis: Sendable {
    /// The tokens without those it started from and without the one that ended it.
    public let tokens: [Int]
    /// ln P of each token given those before it, as the model sees it and processors have left it.
    public let tokenLogProbabilities: [Float]
    /// ln P of the whole sequence: the sum over its tokens, and over the end token if there is one.
    public let logProbability: Double
    /// What hypotheses are ranked by: `logProbability` normalised for length, less what the search takes off.
    public let score: Double
    /// Whether it ended, by an end token or otherwise, and was not cut off.
    public let isFinished: Bool
    /// The token that ended it; nil if none did.
    public let endToken: Int?
    /// [T, L, H, K]: where each layer and head looked when each token was written, K being the longest source of the batch; nil if it
    /// was not asked for, the model has no attention or there are no tokens.
    public let alignments: Tensor?

    /// The tokens, and the one that ended them.
    package var written: [Int] { tokens + (endToken.map { [$0] } ?? []) }

    /// The same without saying where the decoder looked.
    func withoutAlignments() -> Hypothesis {
        Hypothesis(
            tokens: tokens, tokenLogProbabilities: tokenLogProbabilities, logProbability: logProbability, score: score,
            isFinished: isFinished, endToken: endToken, alignments: nil)
    }

    /// The same with other names for its tokens.
    package func renaming(_ name: (Int) -> Int) -> Hypothesis {
        Hypothesis(
            tokens: tokens.map(name), tokenLogProbabilities: tokenLogProbabilities, logProbability: logProbability,
            score: score, isFinished: isFinished, endToken: endToken.map(name), alignments: alignments)
    }
}
