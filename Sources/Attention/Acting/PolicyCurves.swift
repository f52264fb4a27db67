import AttentionInspection
import AttentionReinforcement

/// Learning curves of several kinds of policy, each trained from several seeds.
///
/// A line is the mean over the seeds, the band around it where that mean lies with a confidence of 95 %. A training that has ended early counts on with what it had
/// reached; a line begins where all its trainings have reported.
///
/// ```swift
/// let curves = try PolicyCurves(["attention": ["a-1", "a-2"], "mlp": ["m-1", "m-2"]], of: .success)
/// print(curves.svg)
/// ```
public struct PolicyCurves: Sendable {
    /// What is drawn against the steps.
    public enum Measure: String, Sendable, Hashable, CaseIterable {
        /// The share of successes among the episodes of an iteration.
        case success
        /// The mean return of the episodes of an iteration.
        case meanReturn = "return"
    }

    /// What is known of one kind of policy.
    public struct Line: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// How many trainings it is the mean of.
        public let seedCount: Int
        /// After how many steps, from place to place.
        public let steps: [Double]
        /// The mean there.
        public let means: [Double]
        /// How far from it the interval reaches, to both sides.
        public let reaches: [Double]
    }

    /// The kinds, in the order of their names.
    public let lines: [Line]
    private let measure: Measure

    /// The curves of trainings by name.
    ///
    /// - Parameter folders: for each name, the folders that `PolicyTraining` left, one a seed.
    /// - Throws: `FileError` if a log cannot be read, `TrainingError.damagedLog` if it is none, `ReinforcementError.badPolicy` if in a
    ///   training no episode has ended.
    public init(_ folders: [String: [String]], of measure: Measure) throws {
        self.measure = measure
        lines = try folders.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { name, folders in
            Line(name: name, try folders.map { try Self.curve(of: $0, measure) })
        }
    }

    private static func curve(of folder: String, _ measure: Measure) throws -> StepCurve {
        let reports = try PolicyReport.reports(inLog: folder + "/log.jsonl")
        let curve = StepCurve(reports) { measure == .success ? $0.success : $0.meanReturn }
        guard let curve else {
            throw ReinforcementError.badPolicy(folder: folder, reason: "its log tells of no episode that has ended")
        }
        return curve
    }
}

extension PolicyCurves.Line {
    init(name: String, _ curves: [StepCurve]) {
        let start = curves.compactMap(\.places.first).max() ?? 0
        let steps = Set(curves.flatMap(\.places)).filter { $0 >= start }.sorted()
        let intervals = steps.map { step in MeanInterval(curves.map { $0(step) }) }
        self.init(
            name: name, seedCount: curves.count, steps: steps, means: intervals.map(\.mean),
            reaches: intervals.map(\.reach))
    }
}

extension PolicyCurves {
    /// A line of text for each kind: its name, how many trainings, after how many steps, and what was reached then.
    public var text: String {
        lines.map { line in
            let (mean, reach) = (line.means.last ?? 0, line.reaches.last ?? 0)
            return
                "\(line.name): \(line.seedCount) training\(line.seedCount == 1 ? "" : "s"), \(Int(line.steps.last ?? 0)) steps, "
                + "\(measure.rawValue) \(mean.fixedDecimals(3)) ± \(reach.fixedDecimals(3))"
        }.joined(separator: "\n")
    }

    /// The curves as a standalone SVG document.
    public var svg: String { chart.svg }

    private var chart: LineChart {
        let series = lines.map { line in
            LineChart.Series(
                name: "\(line.name) (\(line.seedCount))",
                points: zip(line.steps, line.means).map { LineChart.Point(x: $0, y: $1) },
                band: line.steps.indices.map { place in
                    let (mean, reach) = (line.means[place], line.reaches[place])
                    return LineChart.Interval(
                        x: line.steps[place], low: bounded(mean - reach), high: bounded(mean + reach))
                })
        }
        let title = measure == .success ? "share of successes" : "mean return"
        return LineChart(
            title: "Learning curves, mean of seeds and its 95 % interval", x: LineChart.Axis("steps"),
            y: LineChart.Axis(title), series: series)
    }

    /// Shares end at 0 and 1, whatever the interval says.
    private func bounded(_ value: Double) -> Double { measure == .success ? min(max(value, 0), 1) : value }
}
