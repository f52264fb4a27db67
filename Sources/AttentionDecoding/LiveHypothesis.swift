internal import AttentionTensors

/// A hypothesis that may still grow.
struct LiveHypothesis {
    private(set) var tokens: [Int] = []
    private(set) var logProbability = 0.0
    private var tokenLogProbabilities: [Float] = []
    private var alignments: [Tensor] = []  // [L, H, K] for each token

    /// This hypothesis with one token more.
    /// - Parameter alignment: Where the decoder looked for it, [L, H, K].
    func extended(by choice: TokenChoice, alignment: Tensor?) -> LiveHypothesis {
        var result = self
        result.tokens.append(choice.token)
        result.tokenLogProbabilities.append(choice.logProbability)
        result.logProbability += Double(choice.logProbability)
        if let alignment { result.alignments.append(alignment) }
        return result
    }

    /// The tokens that would write `count` tokens in a row a second time.
    func tokensThatRepeat(_ count: Int) -> Set<Int> {
        guard tokens.count >= count else { return [] }
        let ending = tokens.suffix(count - 1)
        return Set(
            (0...tokens.count - count).filter { tokens[$0..<$0 + count - 1] == ending }.map { tokens[$0 + count - 1] })
    }

    /// This hypothesis as a result, ended by an end token or, without one, cut off.
    /// - Parameter score: from the sum of ln P, the number of tokens it is over, and where each token looked.
    func ended(
        by end: TokenChoice?, _ score: (Double, Int, [Tensor]) -> Double
    ) throws(ShapeError) -> Hypothesis {
        let total = logProbability + (end.map { Double($0.logProbability) } ?? 0)
        return Hypothesis(
            tokens: tokens, tokenLogProbabilities: tokenLogProbabilities, logProbability: total,
            score: score(total, tokens.count + (end == nil ? 0 : 1), alignments), isFinished: end != nil,
            alignments: alignments.isEmpty ? nil : try stacked(alignments))
    }
}
