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

    /// This hypothesis as a result, ended by an end token or otherwise, or cut off.
    /// - Parameter score: from the sum of ln P, the number of tokens it is over, and where each token looked.
    func ended(
        by end: Ending, _ score: (Double, Int, [Tensor]) -> Double
    ) throws(ShapeError) -> Hypothesis {
        let total = logProbability + Double(end.choice?.logProbability ?? 0)
        return Hypothesis(
            tokens: tokens, tokenLogProbabilities: tokenLogProbabilities, logProbability: total,
            score: score(total, tokens.count + (end.choice == nil ? 0 : 1), alignments),
            isFinished: end != .cut, endToken: end.choice?.token,
            alignments: alignments.isEmpty ? nil : try stacked(alignments))
    }
}

/// How a hypothesis came to its end.
enum Ending: Equatable {
    /// By an end token.
    case token(TokenChoice)
    /// By what it has written.
    case stopped
    /// It did not: there was no more room.
    case cut

    var choice: TokenChoice? { if case .token(let choice) = self { choice } else { nil } }
}
