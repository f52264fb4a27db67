import AttentionDecoding
import AttentionTensors
import Glibc

func logarithm(_ x: Double) -> Double { log(x) }

func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }

/// ln P of each token in double precision, the slow way.
func logProbabilities(_ logits: [Float]) -> [Double] {
    let sum = log(logits.reduce(0) { $0 + exp(Double($1)) })
    return logits.map { Double($0) - sum }
}

/// Every sequence of fewer than `stepLimit` tokens followed by the end token 0, with ln P.
func allSequences(of decoder: HistoryDecoder, source: Int, start: Int, stepLimit: Int) -> [(tokens: [Int], sum: Double)]
{
    var (found, open): ([(tokens: [Int], sum: Double)], [(tokens: [Int], sum: Double)]) = ([], [([], 0)])
    for _ in 0..<stepLimit {
        var next: [(tokens: [Int], sum: Double)] = []
        for (tokens, sum) in open {
            let values = logProbabilities(decoder.logits(source: source, history: [start] + tokens))
            found.append((tokens, sum + values[0]))
            for token in 1..<decoder.vocabularySize { next.append((tokens + [token], sum + values[token])) }
        }
        open = next
    }
    return found
}

/// The divisor of Wu et al. 2016, equation 14.
func gnmt(_ length: Int, _ alpha: Double) -> Double { pow((5 + Double(length)) / 6, alpha) }

/// What makes two hypotheses the same, to the last bit.
struct Fingerprint: Equatable {
    let tokens: [Int]
    let tokenLogProbabilities: [Float]
    let logProbability: Double
    let score: Double
    let isFinished: Bool
    let alignments: [Float]?

    init(_ hypothesis: Hypothesis) {
        tokens = hypothesis.tokens
        tokenLogProbabilities = hypothesis.tokenLogProbabilities
        logProbability = hypothesis.logProbability
        score = hypothesis.score
        isFinished = hypothesis.isFinished
        alignments = hypothesis.alignments?.values
    }
}
