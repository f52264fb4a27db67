import AttentionEvaluation
import Glibc

/// The same model by brute force: an iteration goes through all (m + 1)ⁿ alignments of each sentence pair.
struct AlignmentEnumeration {
    struct Words: Hashable {
        let source: Int?
        let target: Int
    }

    private(set) var probabilities: [Words: Double] = [:]
    private let initial: Double

    init(targetWordCount: Int) {
        initial = 1 / Double(targetWordCount)
    }

    /// δ · t for no source word, then for each of them, straight from the formula.
    func scores(of position: Int, source: [Int], target: [Int], prior: PositionPrior) -> [Double] {
        func weight(_ j: Int) -> Double {
            exp(
                -prior.tension * abs(Double(j + 1) / Double(source.count) - Double(position + 1) / Double(target.count))
            )
        }
        let total = source.indices.reduce(0) { $0 + weight($1) }
        let word = target[position]
        return [prior.nullProbability * (probabilities[Words(source: nil, target: word)] ?? initial)]
            + source.indices.map { j in
                (1 - prior.nullProbability) * weight(j) / total
                    * (probabilities[Words(source: source[j], target: word)] ?? initial)
            }
    }

    /// One iteration of EM; the log likelihood before it.
    mutating func iterate(over pairs: [(source: [Int], target: [Int])], prior: PositionPrior) -> Double {
        var counts: [Words: Double] = [:]
        var logLikelihood = 0.0
        for (source, target) in pairs {
            let scores = target.indices.map { self.scores(of: $0, source: source, target: target, prior: prior) }
            var joint: [(alignment: [Int], probability: Double)] = [([], 1)]
            for position in target.indices {
                joint = joint.flatMap { alignment, probability in
                    (0...source.count).map { (alignment + [$0], probability * scores[position][$0]) }
                }
            }
            let total = joint.reduce(0) { $0 + $1.probability }
            logLikelihood += log(total)
            for (alignment, probability) in joint {
                for (position, choice) in alignment.enumerated() {
                    let words = Words(source: choice == 0 ? nil : source[choice - 1], target: target[position])
                    counts[words, default: 0] += probability / total
                }
            }
        }
        var totals: [Int?: Double] = [:]
        for (words, count) in counts { totals[words.source, default: 0] += count }
        probabilities = counts.reduce(into: [:]) { probabilities, entry in
            let total = totals[entry.key.source] ?? 0
            probabilities[entry.key] = total > 0 ? entry.value / total : 0
        }
        return logLikelihood
    }
}
