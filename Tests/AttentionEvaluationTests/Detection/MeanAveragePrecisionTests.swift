import AttentionEvaluation
import Foundation
import Testing

/// Scores are those of `pycocotools`; `scripts/make-detection-metric-fixtures.py` computed them.
@Suite struct MeanAveragePrecisionTests {
    private struct Fixtures: Decodable {
        let cases: [Case]

        struct Case: Decodable {
            let pictures: [Picture]
            let statistics: [Double]
        }

        struct Picture: Decodable {
            let truths: [Truth]
            let guesses: [Guess]
        }

        struct Truth: Decodable {
            let label: Int
            let box: [Double]
            let area: Double
            let isCrowd: Bool
        }

        struct Guess: Decodable {
            let label: Int
            let box: [Double]
            let score: Double
        }
    }

    private static let cases = Result {
        let root = #filePath.components(separatedBy: "/AttentionEvaluationTests/")[0]
        let data = try Data(contentsOf: URL(fileURLWithPath: root + "/Fixtures/Metrics/detection.json"))
        return try JSONDecoder().decode(Fixtures.self, from: data).cases
    }

    private func box(_ numbers: [Double]) -> PictureBox {
        PictureBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
    }

    @Test(arguments: 0..<4) func everyScoreIsTheReferences(_ index: Int) throws {
        let example = try Self.cases.get()[index]
        let score = MeanAveragePrecision(
            example.pictures.map { picture in
                (
                    truths: picture.truths.map {
                        TrueBox(label: $0.label, box: box($0.box), area: $0.area, isCrowd: $0.isCrowd)
                    },
                    found: picture.guesses.map { FoundBox(label: $0.label, box: box($0.box), score: $0.score) }
                )
            })
        let found = [
            score.mean, score.atHalf, score.atThreeQuarters, score.small, score.medium, score.large, score.recallOfOne,
            score.recallOfTen, score.recall, score.recallOfSmall, score.recallOfMedium, score.recallOfLarge,
        ]
        for (place, (x, y)) in zip(found, example.statistics).enumerated() {
            #expect(abs((x ?? -1) - y) < 1e-9, "statistic \(place): \(x ?? -1) instead of \(y)")
        }
    }

    @Test func edges() {
        let nothing = MeanAveragePrecision([])
        #expect(nothing.mean == nil && nothing.recall == nil)
        let thing = PictureBox(left: 0, top: 0, width: 10, height: 10)
        let missed = MeanAveragePrecision([(truths: [TrueBox(label: 0, box: thing)], found: [])])
        #expect(missed.mean == 0 && missed.large == nil)
        let hit = MeanAveragePrecision([
            (truths: [TrueBox(label: 0, box: thing)], found: [FoundBox(label: 0, box: thing, score: 0.3)])
        ])
        #expect(abs((hit.mean ?? 0) - 1) < 1e-12 && hit.recallOfOne == 1)
    }
}
