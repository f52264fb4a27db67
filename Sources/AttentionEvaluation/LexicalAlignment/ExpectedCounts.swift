import Glibc

/// How often words are expected to translate each other in some sentences, given a model: the E step of EM.
struct ExpectedCounts {
    /// The expected count of each entry of the translation table.
    let entries: [Double]

    /// What the tension follows from; empty for priors whose tension is given.
    let distances: DiagonalDistances

    /// ln p(target sentences | source sentences) under the model, without the probability of their lengths.
    let logLikelihood: Double

    /// - Parameter stream: the entries of `table` for each pair of positions in `pairs`.
    init(of pairs: SentencePairs, stream: [Int32], table: TranslationTable, prior: PositionPrior) {
        let probabilities = table.probabilities
        var counts = [Double](repeating: 0, count: probabilities.count)
        var distances = DiagonalDistances()
        var logLikelihood = 0.0
        var weights: [Double] = []
        var cell = 0
        for pair in 0..<pairs.count {
            let sourceCount = pairs.source[pair].count
            let lengths = SentenceLengths(source: sourceCount, target: pairs.target[pair].count)
            let positions = PositionWeights(prior, sourceCount: sourceCount, targetCount: lengths.target)
            while weights.count < sourceCount { weights.append(0) }

            for (target, token) in pairs.target[pair].enumerated() {
                let nullEntry = Int(pairs.target.words[token])
                let null = prior.nullProbability * probabilities[nullEntry]
                positions.fill(&weights, target: target)
                var total = null
                for source in 0..<sourceCount {
                    weights[source] *= probabilities[Int(stream[cell + source])]
                    total += weights[source]
                }
                logLikelihood += log(total)

                defer { cell += sourceCount }
                // Variational Bayes can leave a word without any translation.
                guard total > 0 else { continue }
                counts[nullEntry] += null / total
                for source in 0..<sourceCount {
                    weights[source] /= total
                    counts[Int(stream[cell + source])] += weights[source]
                }
                if prior.isEstimated {
                    distances.add(weights, target: target, lengths: lengths)
                }
            }
        }
        entries = counts
        self.distances = distances
        self.logLikelihood = logLikelihood
    }
}
