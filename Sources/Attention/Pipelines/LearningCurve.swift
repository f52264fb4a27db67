import AttentionFiles
import AttentionInspection
import AttentionTensors
import AttentionTraining

/// Loss against updates, from a training's log.
struct LearningCurve {
    private let chart: LineChart

    /// The curve of the events in a log.
    ///
    /// - Parameters:
    ///   - loss: what is lost on what.
    ///   - training: what the loss in training is of.
    init(log path: String, loss: String, training name: String) throws {
        var (training, validation): ([LineChart.Point], [LineChart.Point]) = ([], [])
        for event in try TrainingLog.events(in: path) {
            switch event {
            case .progress(let report): training.append(LineChart.Point(x: Double(report.update), y: report.loss))
            case .validation(let result): validation.append(LineChart.Point(x: Double(result.update), y: result.loss))
            case .checkpoint, .stopped: break
            }
        }
        chart = LineChart(
            title: "Learning curve", x: LineChart.Axis("updates"), y: LineChart.Axis(loss),
            series: [
                LineChart.Series(name: name, points: training),
                LineChart.Series(name: "validation", points: validation),
            ])
    }

    /// Draws the curve as SVG.
    func write(to path: String) throws { try AtomicFile.write(Array(chart.svg.utf8), to: path) }
}
