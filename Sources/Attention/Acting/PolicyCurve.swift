import AttentionFiles
import AttentionInspection
import AttentionReinforcement
import AttentionTraining

/// Return against steps, from the log of a policy's training.
struct PolicyCurve {
    private let chart: LineChart

    /// The curve of the reports in a log.
    /// - Throws: `FileError` if it cannot be read, `TrainingError.damagedLog` if a line is no report.
    init(log path: String, goal: Float) throws {
        let lines = try FileContents.read(path).split(separator: UInt8(ascii: "\n"))
        let reports = try lines.enumerated().map { index, line in
            do {
                return try JSONDecoding.decode(PolicyReport.self, from: Array(line), numbers: .named)
            } catch {
                throw TrainingError.damagedLog(path: path, line: index + 1)
            }
        }
        let points = reports.filter { $0.episodeCount > 0 }.map {
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
