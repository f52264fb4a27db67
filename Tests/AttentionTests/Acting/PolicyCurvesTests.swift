import AttentionFiles
import Testing

@testable import Attention

/// What several trainings say together.
@Suite struct PolicyCurvesTests {
    private func report(steps: Int, success: Float, episodes: Int = 8) throws -> PolicyReport {
        let text =
            #"{"iteration": 1, "stepCount": \#(steps), "episodeCount": \#(episodes), "meanReturn": 0, "success": \#(success), "#
            + #""loss": 0, "parts": {}, "rate": 0, "stepsPerSecond": 0, "seconds": 0}"#
        return try JSONDecoding.decode(from: Array(text.utf8))
    }

    /// 1, 2, 3, 4, 5: a mean of 3, a deviation of √2.5, and 2.7764 √(2.5 / 5) to both sides.
    @Test func theMeanOfFiveHasAnInterval() {
        let five = MeanInterval([1, 2, 3, 4, 5])
        #expect(five.mean == 3 && abs(five.reach - 1.963_22) < 1e-4)
        let same = MeanInterval([Double](repeating: 0.5, count: 40))
        #expect(same.mean == 0.5 && same.reach == 0)
        #expect(MeanInterval([7]).reach == 0)
    }

    @Test func aCurveKeepsWhatItsLastReportSaid() throws {
        let reports = try [
            report(steps: 10, success: 0, episodes: 0), report(steps: 20, success: 0.25),
            report(steps: 30, success: 0.5),
        ]
        let curve = try #require(StepCurve(reports, \.success))
        #expect(curve.places == [20, 30])
        #expect([0, 20, 29, 30, 1000].map { curve($0) } == [0.25, 0.25, 0.25, 0.5, 0.5])
        #expect(try StepCurve([report(steps: 10, success: 0, episodes: 0)], \.success) == nil)
    }

    /// The line begins where both have reported.
    @Test func linesAreMeansAtAllPlaces() throws {
        let first = try #require(
            StepCurve([report(steps: 10, success: 0), report(steps: 40, success: 1)], \.success))
        let second = try #require(StepCurve([report(steps: 20, success: 0.5)], \.success))
        let line = PolicyCurves.Line(name: "both", [first, second])
        #expect(line.steps == [20, 40] && line.means == [0.25, 0.75] && line.seedCount == 2)
        #expect(abs(line.reaches[0] - 12.7062 * 0.25) < 1e-9)
    }
}
