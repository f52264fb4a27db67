import AttentionEvaluation
import Glibc
import Testing

@Suite struct PositionPriorTests {
    /// e^(−4·|j/3 − i/2|) over their sum: for i = 1 the distances are 1/6, 1/6, 1/2, for i = 2 they are 2/3, 1/3, 0.
    @Test func diagonalByHand() {
        let positions = PositionWeights(.diagonal(tension: 4, nullProbability: 0.2), sourceCount: 3, targetCount: 2)
        let expected = [
            [0.4417747235854982, 0.4417747235854982, 0.11645055282900359],
            [0.05212246864781, 0.1977353359008273, 0.7501421954513626],
        ]
        for (target, row) in expected.enumerated() {
            var weights = [0.0, 0, 0]
            positions.fill(&weights, target: target)
            for (weight, expected) in zip(weights, row) { #expect(abs(weight - 0.8 * expected) < 1e-14) }
        }
    }

    @Test func uniform() {
        var weights = [0.0, 0, 0, 0]
        PositionWeights(.uniform(nullProbability: 0), sourceCount: 4, targetCount: 7).fill(&weights, target: 5)
        #expect(weights == [0.25, 0.25, 0.25, 0.25])
    }

    @Test(arguments: [0, 4, PositionPrior.greatestTension]) func weightsSumToTheirShare(tension: Double) {
        for (sourceCount, targetCount) in [(1, 1), (1, 9), (9, 1), (40, 37), (300, 2)] {
            let prior = PositionPrior.diagonal(tension: tension, nullProbability: 0.08)
            let positions = PositionWeights(prior, sourceCount: sourceCount, targetCount: targetCount)
            for target in 0..<targetCount {
                var weights = [Double](repeating: 0, count: sourceCount)
                positions.fill(&weights, target: target)
                #expect(abs(weights.reduce(0, +) - 0.92) < 1e-12)
            }
        }
    }

    /// Two source words and one target word: the distances are 1/2 and 0, so the prior gives the first word
    /// 1 / (1 + e^(λ/2)), and agrees with links of g to it when λ = 2 · ln((1 − g) / g).
    @Test(arguments: [0.05, 0.2, 0.4], [0.0, 0.08]) func tensionByHand(share: Double, nullProbability: Double) {
        var distances = DiagonalDistances()
        distances.add([share * 0.6, (1 - share) * 0.6], target: 0, lengths: SentenceLengths(source: 2, target: 1))
        for initial in [0.0, 4, 50] {
            let prior = PositionPrior.estimatedDiagonal(initialTension: initial, nullProbability: nullProbability)
            #expect(abs(distances.updated(prior).tension - 2 * log((1 - share) / share)) < 1e-7)
        }
    }

    @Test func tensionStaysInItsRange() {
        let lengths = SentenceLengths(source: 2, target: 1)
        var against = DiagonalDistances()
        against.add([0.9, 0.1], target: 0, lengths: lengths)
        #expect(against.updated(.estimatedDiagonal()).tension < 1e-6)
        var along = DiagonalDistances()
        along.add([0, 1], target: 0, lengths: lengths)
        #expect((60...PositionPrior.greatestTension).contains(along.updated(.estimatedDiagonal()).tension))
    }

    @Test func tensionIsKeptWhereNothingTellsIt() {
        var distances = DiagonalDistances()
        distances.add([1], target: 2, lengths: SentenceLengths(source: 1, target: 3))
        #expect(distances.updated(.estimatedDiagonal(initialTension: 3)).tension == 3)
    }

    /// Text in the same order draws links to the diagonal; text backwards keeps them from it.
    @Test func tensionFollowsTheText() {
        let same = randomPairs(count: 80, wordCount: 30, longest: 8, seed: 3)
        let backwards = same.map { (source: $0.source, target: Array($0.target.reversed())) }
        #expect(LexicalAligner(pairs: same, iterations: 8, prior: .estimatedDiagonal()).prior.tension > 8)
        let tension = LexicalAligner(pairs: backwards, iterations: 8, prior: .estimatedDiagonal(initialTension: 1))
            .prior.tension
        #expect(tension < 0.5)
    }
}
