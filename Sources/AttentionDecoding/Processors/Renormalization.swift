internal import Glibc

/// Makes what the processors before it have left a distribution again: s ← s − ln Σ exp(s).
public struct Renormalization: LogitProcessor, Hashable {
    /// Last of all processors, it makes beams compare probabilities.
    public init() {}

    public func process(_ scores: TokenScores, after text: WrittenText) {
        var greatest = -Float.infinity
        for token in 0..<scores.count { greatest = max(greatest, scores[token]) }
        guard greatest.isFinite else { return }
        var sum = 0.0
        for token in 0..<scores.count { sum += exp(Double(scores[token] - greatest)) }
        let normalizer = greatest + Float(log(sum))
        for token in 0..<scores.count { scores[token] -= normalizer }
    }
}
