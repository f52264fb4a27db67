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

    /// This hypothesis as a result, ended by an end token or, without one, cut off.
    func ended(by end: TokenChoice?, _ normalization: LengthNormalization) throws(ShapeError) -> Hypothesis {
        let total = logProbability + (end.map { Double($0.logProbability) } ?? 0)
        return Hypothesis(
            tokens: tokens, tokenLogProbabilities: tokenLogProbabilities, logProbability: total,
            score: total / normalization.divisor(tokens.count + (end == nil ? 0 : 1)), isFinished: end != nil,
            alignments: alignments.isEmpty ? nil : try stacked(alignments))
    }
}
