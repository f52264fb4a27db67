import AttentionEvaluation
import Testing

@Suite struct LexicalAlignerTests {
    // das Haus – the house, das Buch – the book, ein Buch – a book
    private let textbook = SmallCorpus([("das Haus", "the house"), ("das Buch", "the book"), ("ein Buch", "a book")])

    /// t of (das, the), (das, house), (das, book), (Haus, the), (Haus, house) after each iteration.
    private static let byHand: [[Double]] = [
        [1.0 / 2, 1.0 / 4, 1.0 / 4, 1.0 / 2, 1.0 / 2],
        [7.0 / 11, 2.0 / 11, 2.0 / 11, 3.0 / 7, 4.0 / 7],
        [29435.0 / 39357, 574.0 / 4373, 4756.0 / 39357, 87.0 / 251, 164.0 / 251],
    ]

    /// Every t is 1/4 at first. The counts of the first iteration are halves:
    ///
    ///     das: the ½ + ½, house ½, book ½        Haus: the ½, house ½
    ///     Buch: the ½, book ½ + ½, a ½           ein: a ½, book ½
    ///
    /// hence t(the|das) = 1/2, t(house|das) = 1/4, t(house|Haus) = 1/2 and so on. In the second,
    ///
    ///     "the" of the first pair:   das (1/2) / (1/2 + 1/2) = 1/2,   Haus 1/2
    ///     "house":                   das (1/4) / (1/4 + 1/2) = 1/3,   Haus 2/3
    ///     "the" of the second pair:  das (1/2) / (1/2 + 1/4) = 2/3,   Buch 1/3
    ///     "book":                    das 1/3,                         Buch 2/3
    ///
    /// so that das has the 1/2 + 2/3, house 1/3, book 1/3, together 11/6, and Haus has the 1/2, house 2/3, together 7/6.
    /// The third goes on like this, with t(the|das) = 7/11 and t(house|Haus) = 4/7.
    @Test(arguments: zip(1...3, byHand))
    func modelOneByHand(iterations: Int, expected: [Double]) {
        let aligner = LexicalAligner(
            pairs: textbook.pairs, iterations: iterations, prior: .uniform(nullProbability: 0))
        // The corpus is symmetric: Buch is to book, the, a as das is to the, book, house; ein as Haus.
        let entries = [("das", "the"), ("das", "house"), ("das", "book"), ("Haus", "the"), ("Haus", "house")]
        let mirrored = [("Buch", "book"), ("Buch", "a"), ("Buch", "the"), ("ein", "book"), ("ein", "a")]
        for (entries, value) in zip(zip(entries, mirrored), expected) {
            for entry in [entries.0, entries.1] {
                #expect(abs(textbook.probability(of: entry.1, given: entry.0, by: aligner) - value) < 1e-14)
            }
        }
        #expect(textbook.probability(of: "house", given: "Buch", by: aligner) == 0)
    }

    /// 4⁻⁶, then Π of the six words' ½ · Σ t: (1/2)² (3/8)⁴, then as computed in exact fractions.
    @Test func likelihoodByHand() {
        let aligner = LexicalAligner(pairs: textbook.pairs, iterations: 3, prior: .uniform(nullProbability: 0))
        let expected = [-8.317766166719343, -5.3096113731667955, -5.001121646077364]
        #expect(aligner.logLikelihoods.count == 3)
        for (found, expected) in zip(aligner.logLikelihoods, expected) { #expect(abs(found - expected) < 1e-13) }
    }

    @Test func findsTheDictionary() {
        let aligner = LexicalAligner(pairs: textbook.pairs, iterations: 200, prior: .uniform(nullProbability: 0))
        for (source, target) in [("das", "the"), ("Haus", "house"), ("Buch", "book"), ("ein", "a")] {
            #expect(textbook.probability(of: target, given: source, by: aligner) > 0.99)
        }
        #expect(textbook.links("ein Haus das Buch", "the book a house", by: aligner) == [2, 3, 0, 1])
    }

    /// a – x y, b – x, and a null word that is as likely as all others together.
    ///
    /// At first each target word is half its source word's and half the null word's: null has x ½ + ½ and y ½, a has
    /// x ½ and y ½, b has x ½. So t(x|null) = 2/3, t(y|null) = 1/3. In the second iteration the null word takes
    /// (2/3) / (2/3 + 1/2) = 4/7 of the first x, (1/3) / (1/3 + 1/2) = 2/5 of y, (2/3) / (2/3 + 1) = 2/5 of the second
    /// x: x 34/35, y 14/35, together 48/35. And a keeps 3/7 of x and 3/5 of y, together 36/35.
    @Test func nullWordByHand() {
        let corpus = SmallCorpus([("a", "x y"), ("b", "x")])
        let aligner = LexicalAligner(pairs: corpus.pairs, iterations: 2, prior: .uniform(nullProbability: 0.5))
        let expected: [(String, String?, Double)] = [
            ("x", nil, 34.0 / 48), ("y", nil, 14.0 / 48), ("x", "a", 15.0 / 36), ("y", "a", 21.0 / 36), ("x", "b", 1),
        ]
        for (target, source, value) in expected {
            #expect(abs(corpus.probability(of: target, given: source, by: aligner) - value) < 1e-14)
        }
    }

    @Test func wordsThatTranslateNothingAreLinkedWithNothing() {
        let corpus = SmallCorpus([("a", "z x"), ("b", "y z"), ("c", "w z"), ("a c", "x w z")])
        let aligner = LexicalAligner(pairs: corpus.pairs, iterations: 10, prior: .uniform(nullProbability: 0.3))
        #expect(corpus.links("a c", "x w z", by: aligner) == [0, 1, nil])
        #expect(corpus.links("b", "z y", by: aligner) == [nil, 0])
    }

    @Test func newWordsAreLinkedByPosition() {
        let aligner = LexicalAligner(pairs: textbook.pairs)
        #expect(aligner.links(source: [-1, -2, -3], target: [-7, -8, -9]) == [0, 1, 2])
        #expect(aligner.probability(of: -7, given: -1) == 0)
        #expect(aligner.probability(of: -7, given: nil) == 0)
    }

    @Test func emptySentences() {
        let aligner = LexicalAligner(pairs: textbook.pairs)
        #expect(aligner.links(source: [], target: []) == [])
        #expect(aligner.links(source: [0], target: []) == [])
        #expect(aligner.links(source: [], target: [0, 1]) == [nil, nil])

        let padded = [([], [0, 1]), ([2], []), ([], [])] + textbook.pairs.map { ($0.source, $0.target) }
        let same = LexicalAligner(pairs: padded.map { (source: $0.0, target: $0.1) })
        #expect(same.logLikelihoods == aligner.logLikelihoods)

        let untaught = LexicalAligner(pairs: [], prior: .estimatedDiagonal())
        #expect(untaught.prior.tension == 4)
        #expect(untaught.logLikelihoods == [0, 0, 0, 0, 0])
        #expect(untaught.links(source: [1, 2], target: [3, 4]) == [0, 1])
    }

    @Test func withoutIterationsAllWordsTranslateAllOthers() {
        let aligner = LexicalAligner(pairs: textbook.pairs, iterations: 0)
        #expect(aligner.logLikelihoods.isEmpty)
        #expect(textbook.probability(of: "house", given: "das", by: aligner) == 0.25)
        #expect(textbook.probability(of: "a", given: nil, by: aligner) == 0.25)
    }
}
