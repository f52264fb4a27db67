import AttentionFiles
import AttentionInspection
import AttentionTensors
import AttentionTraining

/// Loss against updates, from a training's log.
struct LearningCurve {
    private let chart: LineChart

    /// The curve of the events in a log.
    init(log path: String) throws {
        var (training, validation): ([LineChart.Point], [LineChart.Point]) = ([], [])
        for event in try TrainingLog.events(in: path) {
            switch event {
            case .progress(let report): training.append(LineChart.Point(x: Double(report.update), y: report.loss))
            case .validation(let result): validation.append(LineChart.Point(x: Double(result.update), y: result.loss))
            case .checkpoint, .stopped: break
            }
        }
        chart = LineChart(
            title: "Learning curve", x: LineChart.Axis("updates"), y: LineChart.Axis("loss per token (nats)"),
            series: [
                LineChart.Series(name: "training (smoothed targets)", points: training),
                LineChart.Series(name: "validation", points: validation),
            ])
    }

    /// Draws the curve as SVG.
    func write(to path: String) throws { try AtomicFile.write(Array(chart.svg.utf8), to: path) }
}
