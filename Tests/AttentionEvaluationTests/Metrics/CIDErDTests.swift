import AttentionEvaluation
import Foundation
import Testing

/// Scores are those of the paper's formulas over all n-grams; `scripts/make-cider-fixtures.py` computed them.
@Suite struct CIDErDTests {
    private struct Fixtures: Decodable {
        let cases: [Case]

        struct Case: Decodable {
            let name: String
            /// Each a caption and its references.
            let rows: [[String]]
            let scores: [Double]
            /// Those with σ = 2.
            let narrow: [Double]
        }
    }

    private static let cases = Result {
        let root = #filePath.components(separatedBy: "/AttentionEvaluationTests/")[0]
        let data = try Data(contentsOf: URL(fileURLWithPath: root + "/Fixtures/Metrics/cider.json"))
        return try JSONDecoder().decode(Fixtures.self, from: data).cases
    }

    @Test func everyScoreIsTheFormulas() throws {
        for example in try Self.cases.get() {
            let (captions, references) = (example.rows.map { $0[0] }, example.rows.map { Array($0.dropFirst()) })
            for (metric, expected) in [(CIDErD(), example.scores), (CIDErD(lengthDeviation: 2), example.narrow)] {
                let found = try metric.scores(captions, references: references)
                #expect(found.count == expected.count)
                for (x, y) in zip(found, expected) {
                    #expect(abs(x - y) < 1e-12, "\(example.name): \(found) instead of \(expected)")
                }
                let mean = expected.reduce(0, +) / Double(expected.count)
                #expect(abs(try metric.score(captions, references: references) - mean) < 1e-12)
            }
        }
    }

    /// What the one reference says scores 10, if it has four words and none of them stands in all references.
    @Test func theReferenceItselfScoresTen() throws {
        let lines = ["one two three four five", "six seven eight nine"]
        for score in try CIDErD().scores(lines, references: lines.map { [$0] }) { #expect(abs(score - 10) < 1e-12) }
    }

    @Test func whatEverybodySaysCountsNothing() throws {
        #expect(try CIDErD().score(["a"], references: [["a"]]) == 0)
        #expect(try CIDErD().scores(["a", "a"], references: [["a"], ["a"]]) == [0, 0])
        // Of two pictures one has "b": ln 2 in one order of four.
        #expect(try CIDErD().scores(["b", "a"], references: [["b"], ["a"]]) == [2.5, 2.5])
    }

    @Test func caseCountsUnlessItIsNotTo() throws {
        let (captions, references) = (["B", "a"], [["b"], ["a"]])
        #expect(try CIDErD().scores(captions, references: references) == [0, 2.5])
        #expect(try CIDErD(isLowercased: true).scores(captions, references: references) == [2.5, 2.5])
    }

    @Test func unusableInputIsASentence() {
        #expect(throws: MetricError.noSegments(metric: "CIDEr-D")) { try CIDErD().score([], references: []) }
        #expect(throws: MetricError.noReference(metric: "CIDEr-D", segment: 1)) {
            try CIDErD().score(["a", "b"], references: [["a"], []])
        }
    }
}
