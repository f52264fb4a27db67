import AttentionEvaluation
import Testing

@Suite struct BLEUTests {
    @Test func equalsSacreBLEU() throws {
        for testCase in try SacreBLEUFixtures.load().cases {
            for expected in testCase.bleu {
                let metric = try #require(expected.options.metric)
                let found = try metric.score(testCase.hypotheses, references: testCase.references)
                #expect(found.description == expected.line, "\(testCase.name)")
                #expect(found.signature == expected.signature)
                #expect(isClose(found.score, expected.score), "\(testCase.name) \(expected.signature)")
                #expect(zip(found.precisions, expected.precisions).allSatisfy(isClose))
                #expect(isClose(found.brevityPenalty, expected.brevityPenalty))
                #expect(found.hypothesisLength == expected.hypothesisLength)
                #expect(found.referenceLength == expected.referenceLength)
            }
        }
    }

    @Test func sentencesEqualSacreBLEU() throws {
        for testCase in try SacreBLEUFixtures.load().cases {
            for expected in testCase.bleu {
                let metric = try #require(expected.options.metric)
                for (row, score) in zip(testCase.rows, expected.sentences) {
                    let found = try metric.sentenceScore(row[0], references: Array(row.dropFirst()))
                    #expect(isClose(found.score, score), "\(row) \(expected.signature)")
                    #expect(found.signature.contains("eff:yes"))
                }
            }
        }
    }

    @Test func knownFromThePaper() throws {
        // Papineni et al. 2002, example 2: clipping counts "the" twice, as often as a reference has it.
        let score = try BLEU().score(
            ["the the the the the the the"], references: [["The cat is on the mat", "There is a cat on the mat"]])
        #expect(score.matches == [1, 0, 0, 0])
        let lowercased = try BLEU(isLowercased: true).score(
            ["the the the the the the the"], references: [["The cat is on the mat", "There is a cat on the mat"]])
        #expect(lowercased.matches == [2, 0, 0, 0])
        #expect(lowercased.totals == [7, 6, 5, 4])
    }

    @Test func laws() throws {
        let lines = ["The first of two lines, quite long.", "And a second one of the same kind!"]
        #expect(try isClose(BLEU().score(lines, references: lines).score, 100))
        #expect(try isClose(ChrF.chrF2PlusPlus.score(lines, references: lines).score, 100))
        let shuffled = try BLEU().score(lines.reversed(), references: lines.reversed())
        #expect(try shuffled == BLEU().score(lines, references: lines))
        // Composed and decomposed letters are different words.
        #expect(try BLEU().score(["\u{E9}"], references: ["e\u{301}"]).matches[0] == 0)
    }

    @Test func unusableInputIsASentence() {
        #expect(throws: MetricError.noSegments(metric: "BLEU")) { try BLEU().score([], references: [String]()) }
        #expect(throws: MetricError.noReference(metric: "BLEU", segment: 1)) {
            try BLEU().score(["a", "b"], references: [["a"], []])
        }
        let error = #expect(throws: MetricError.self) { try BLEU().score(["a"], references: ["a", "b"]) }
        #expect(
            error?.description == "BLEU: expected references for each of 1 hypotheses, found them for 2 segments; "
                + "check that both files have the same lines")
        #expect(throws: MetricError.noReference(metric: "chrF2", segment: 0)) {
            try ChrF.chrF2.sentenceScore("a", references: [])
        }
    }
}
