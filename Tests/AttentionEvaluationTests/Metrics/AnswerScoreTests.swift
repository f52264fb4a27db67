import AttentionEvaluation
import Testing

/// Numbers by hand, from the definition in SQuAD's evaluation script.
@Suite struct AnswerScoreTests {
    private func score(_ answer: String, _ references: String...) -> [Double] {
        let score = AnswerScore(answer, references: references)
        return [score.exactMatch, score.f1]
    }

    @Test func wordsOverlap() {
        #expect(score("The  Denver Broncos!", "denver broncos") == [1, 1])
        #expect(score("Denver", "Denver Broncos") == [0, 2.0 / 3])
        #expect(score("red red cat", "red cat") == [0, 0.8])
        #expect(score("dog", "cat", "a dog", "dogs") == [1, 1])
        #expect(score("", "cat") == [0, 0])
        #expect(score("U.S.", "US") == [1, 1])
    }

    @Test func scoresAreMeans() {
        var score = AnswerScore()
        #expect(score.f1 == 0)
        score.add(AnswerScore("cat", references: ["cat"]))
        score.add(AnswerScore("cat", references: ["red cat"]))
        #expect(score.count == 2 && score.exactMatch == 0.5 && abs(score.f1 - 5.0 / 6) < 1e-12)
    }
}

@Suite struct EntityScoreTests {
    private func score(_ tags: String, _ expected: String) -> EntityScore {
        var score = EntityScore()
        score.add(
            tags.split(separator: " ").map(String.init), expected: expected.split(separator: " ").map(String.init))
        return score
    }

    @Test func wholeStretchesCount() {
        let found = score("B-PER I-PER O B-LOC O B-LOC", "B-PER I-PER O B-LOC I-LOC O")
        #expect(found.precision == 1.0 / 3 && found.recall == 0.5 && abs(found.f1 - 0.4) < 1e-12)
    }

    @Test func beginnings() {
        #expect(score("B-X B-X", "B-X I-X").f1 == 0)
        #expect(score("I-X I-X O", "B-X I-X O").f1 == 1)
        #expect(score("I-X I-Y", "B-X B-Y").f1 == 1)
        #expect(score("NOUN NOUN VERB", "NOUN NOUN VERB").f1 == 1)
        #expect(score("O O", "O O").f1 == 0)
    }
}
