import AttentionEvaluation
import Testing

@Suite struct ChrFTests {
    @Test func equalsSacreBLEU() throws {
        for testCase in try SacreBLEUFixtures.load().cases {
            for expected in testCase.chrf {
                let metric = expected.options.metric
                let found = try metric.score(testCase.hypotheses, references: testCase.references)
                #expect(found.description == expected.line, "\(testCase.name)")
                #expect(found.signature == expected.signature)
                #expect(isClose(found.score, expected.score), "\(testCase.name) \(expected.signature)")
                for (row, score) in zip(testCase.rows, expected.sentences) {
                    let found = try metric.sentenceScore(row[0], references: Array(row.dropFirst()))
                    #expect(isClose(found.score, score), "\(row) \(expected.signature)")
                }
            }
        }
    }

    @Test func noOrdersScoreNothing() throws {
        for smoothing in [ChrF.Smoothing.effectiveOrder, .epsilon] {
            let metric = ChrF(characterOrder: -3, wordOrder: -1, smoothing: smoothing)
            #expect(try metric.score(["a"], references: ["a"]).score == 0)
        }
    }
}
