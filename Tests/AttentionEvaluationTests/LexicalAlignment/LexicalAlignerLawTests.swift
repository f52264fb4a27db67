import AttentionEvaluation
import Testing

@Suite struct LexicalAlignerLawTests {
    static let priors: [PositionPrior] = [
        .uniform(nullProbability: 0), .uniform(), .diagonal(), .diagonal(tension: 12, nullProbability: 0.3),
        .estimatedDiagonal(), .estimatedDiagonal(initialTension: 30, nullProbability: 0),
    ]

    @Test(arguments: priors) func likelihoodNeverFalls(prior: PositionPrior) {
        for seed in 1...5 as ClosedRange<UInt64> {
            let pairs = randomPairs(count: 60, wordCount: 15, longest: 7, seed: seed)
            let likelihoods = LexicalAligner(pairs: pairs, iterations: 30, prior: prior).logLikelihoods
            for (before, after) in zip(likelihoods, likelihoods.dropFirst()) {
                #expect(after >= before - 1e-9 * abs(before))
            }
            #expect(likelihoods[29] > likelihoods[0] + 10)
        }
    }

    @Test(arguments: priors) func probabilitiesSumToOne(prior: PositionPrior) {
        let pairs = randomPairs(count: 60, wordCount: 15, longest: 7, seed: 6)
        let aligner = LexicalAligner(pairs: pairs, prior: prior)
        func sum(given source: Int?) -> Double {
            (0..<15).reduce(0) { $0 + aligner.probability(of: $1, given: source) }
        }
        for source in Set(pairs.flatMap(\.source)) { #expect(abs(sum(given: source) - 1) < 1e-12) }
        #expect(abs(sum(given: nil) - (prior.nullProbability > 0 ? 1 : 0)) < 1e-12)
    }

    /// With the counts found by going through all alignments one by one.
    @Test(arguments: priors.filter { !$0.isEstimated }) func agreesWithEnumeration(prior: PositionPrior) {
        let pairs = randomPairs(count: 12, wordCount: 5, longest: 3, seed: 7)
        var oracle = AlignmentEnumeration(targetWordCount: Set(pairs.flatMap(\.target)).count)
        for iterations in 1...3 {
            let likelihood = oracle.iterate(over: pairs, prior: prior)
            let aligner = LexicalAligner(pairs: pairs, iterations: iterations, prior: prior)
            #expect(abs(aligner.logLikelihoods[iterations - 1] - likelihood) < 1e-9)
            for (words, probability) in oracle.probabilities {
                #expect(abs(aligner.probability(of: words.target, given: words.source) - probability) < 1e-12)
            }
            for (source, target) in pairs {
                for (position, link) in aligner.links(source: source, target: target).enumerated() {
                    let scores = oracle.scores(
                        of: position, source: source, target: target, prior: prior)
                    let chosen = link.map { scores[$0 + 1] } ?? scores[0]
                    #expect(chosen >= (scores.max() ?? 0) * (1 - 1e-9))
                }
            }
        }
    }

    /// Ids are names: any others, in any order, give the same aligner to the last bit.
    @Test(arguments: priors) func idsAreNames(prior: PositionPrior) {
        let pairs = randomPairs(count: 60, wordCount: 15, longest: 7, seed: 8)
        func renamed(_ word: Int) -> Int { 1_000_003 * (7 - word) }
        let others = pairs.map { (source: $0.source.map(renamed), target: $0.target.map(renamed)) }
        let aligner = LexicalAligner(pairs: pairs, prior: prior)
        let same = LexicalAligner(pairs: others, prior: prior)
        #expect(aligner.logLikelihoods == same.logLikelihoods)
        #expect(aligner.prior == same.prior)
        for (pair, other) in zip(pairs, others) {
            #expect(
                aligner.links(source: pair.source, target: pair.target)
                    == same.links(source: other.source, target: other.target))
        }
    }

    /// A sentence pair seen twice as often weighs twice as much in its counts: all sentences twice change nothing.
    @Test func repeatedTextChangesNothing() {
        let pairs = randomPairs(count: 30, wordCount: 10, longest: 5, seed: 9)
        let once = LexicalAligner(pairs: pairs)
        let twice = LexicalAligner(pairs: pairs + pairs)
        for source in 0..<10 {
            for target in 0..<10 {
                let difference =
                    once.probability(of: target, given: source) - twice.probability(of: target, given: source)
                #expect(abs(difference) < 1e-12)
            }
        }
    }
}
