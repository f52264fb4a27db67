import AttentionEvaluation
import Foundation
import Testing

/// Scores are those of `rouge-score`; `scripts/make-rouge-fixtures.py` computed them.
@Suite struct ROUGETests {
    private struct Fixtures: Decodable {
        let cases: [Case]

        struct Case: Decodable {
            let summary: String
            let reference: String
            let rouge1: [Double]
            let rouge2: [Double]
            let rougeL: [Double]
        }
    }

    private static let cases = Result {
        let root = #filePath.components(separatedBy: "/AttentionEvaluationTests/")[0]
        let data = try Data(contentsOf: URL(fileURLWithPath: root + "/Fixtures/Metrics/rouge.json"))
        return try JSONDecoder().decode(Fixtures.self, from: data).cases
    }

    @Test func everyScoreIsTheReferences() throws {
        for example in try Self.cases.get() {
            for (metric, expected) in [
                (ROUGE.rouge1, example.rouge1), (.rouge2, example.rouge2), (.rougeL, example.rougeL),
            ] {
                let found = metric.score(example.summary, reference: example.reference)
                for (x, y) in zip([found.precision, found.recall, found.f1], expected) {
                    #expect(abs(x - y) < 1e-12, "\(metric.unit) of \(example.summary): \(found) instead of \(expected)")
                }
            }
        }
    }

    @Test func testSetsHaveMeans() throws {
        #expect(try ROUGE.rouge1.meanF1(["a b", "c"], references: ["a b", "d"]) == 50)
        #expect(throws: MetricError.self) { try ROUGE.rougeL.meanF1([], references: []) }
        #expect(throws: MetricError.self) { try ROUGE.rougeL.meanF1(["a"], references: []) }
    }
}
