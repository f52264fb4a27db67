import AttentionFiles
import AttentionInspection
import AttentionReinforcement

/// Return against steps, from the log of a policy's training.
struct PolicyCurve {
    private let chart: LineChart

    /// The curve of the reports in a log.
    /// - Throws: `FileError` if it cannot be read, `TrainingError.damagedLog` if a line is no report.
    init(log path: String, goal: Float) throws {
        let points = try PolicyReport.reports(inLog: path).filter { $0.episodeCount > 0 }.map {
            LineChart.Point(x: Double($0.stepCount), y: Double($0.meanReturn))
        }
        chart = LineChart(
            title: "Learning curve", x: LineChart.Axis("steps"), y: LineChart.Axis("mean return of whole episodes"),
            series: [
                LineChart.Series(name: "training", points: points),
                LineChart.Series(
                    name: "goal",
                    points: [points.first, points.last].compactMap(\.self).map {
                        LineChart.Point(x: $0.x, y: Double(goal))
                    }),
            ])
    }

    /// Draws the curve as SVG.
    func write(to path: String) throws { try AtomicFile.write(Array(chart.svg.utf8), to: path) }
}
