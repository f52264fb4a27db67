import AttentionEvaluation
import Testing

@Suite struct TranslationEstimationTests {
    /// Reference values from torch.special.digamma 2 in double precision.
    @Test(arguments: [
        (0.01, -100.56088545786866), (0.5, -1.9635100260214229), (1, -0.5772156649015328), (3.25, 1.016990911068179),
        (10, 2.251752589066721), (1000, 6.907255195648812),
    ])
    func digammaValues(x: Double, expected: Double) {
        #expect(abs(digamma(x) - expected) < 1e-13 * max(1, abs(expected)))
    }

    /// ψ(x + 1) = ψ(x) + 1/x.
    @Test func digammaRecurrence() {
        for step in 1...200 {
            let x = Double(step) / 8
            #expect(abs(digamma(x + 1) - digamma(x) - 1 / x) < 1e-13)
        }
    }

    /// a – x y, a – x: after one iteration a has x 2 and y 1, and with α = 1 the probabilities are
    /// exp(ψ(3) − ψ(5)) and exp(ψ(2) − ψ(5)); ψ(5) − ψ(3) = 1/3 + 1/4, ψ(5) − ψ(2) = 1/2 + 1/3 + 1/4.
    @Test func variationalBayesByHand() {
        let corpus = SmallCorpus([("a", "x y"), ("a", "x")])
        let aligner = LexicalAligner(
            pairs: corpus.pairs, iterations: 1, prior: .uniform(nullProbability: 0),
            estimation: .variationalBayes(concentration: 1))
        #expect(abs(corpus.probability(of: "x", given: "a", by: aligner) - 0.5580351457700471) < 1e-12)
        #expect(abs(corpus.probability(of: "y", given: "a", by: aligner) - 0.3384654251067422) < 1e-12)
    }

    /// A rare word collects the other words of its only sentence, unless few translations are expected of a word.
    @Test func variationalBayesKeepsRareWordsFromCollecting() {
        let common = [("b", "y"), ("c", "z"), ("b c", "y z"), ("b d", "y w"), ("d", "w")]
        let corpus = SmallCorpus(common + common + [("rare b c d", "x y z w")])
        func collected(_ estimation: TranslationEstimation) -> Double {
            let aligner = LexicalAligner(pairs: corpus.pairs, prior: .uniform(), estimation: estimation)
            return ["y", "z", "w"].reduce(0) { $0 + corpus.probability(of: $1, given: "rare", by: aligner) }
        }
        #expect(collected(.variationalBayes(concentration: 0.01)) < 0.1 * collected(.maximumLikelihood))
    }

    /// One target word among a thousand source words: each has so little of it that nothing is left of any.
    @Test func wordsLeftWithoutTranslationDoNoHarm() {
        let corpus: [(source: [Int], target: [Int])] = [
            (source: Array(0..<1000), target: Array(0..<10)), (source: [2000], target: [20]),
        ]
        let aligner = LexicalAligner(
            pairs: corpus, prior: .uniform(nullProbability: 0), estimation: .variationalBayes(concentration: 1e-4))
        #expect(aligner.logLikelihoods.last == -.infinity)
        #expect(aligner.probability(of: 0, given: 0) == 0)
        #expect(abs(aligner.probability(of: 20, given: 2000) - 1) < 1e-12)
        #expect(aligner.links(source: [2000, 5], target: [20, 3]) == [0, 0])
    }
}
