public import ArgumentParser
public import Attention
import AttentionCommand
import AttentionFiles

struct Curves: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw how policies learnt, several seeds as one line with its confidence band.",
        discussion: """
            Each argument names a kind and a folder that attend train policy left: attention=runs/a1 attention=runs/a2 mlp=runs/m1 are two lines, one of \
            them the mean of two trainings. The bands are where the means lie with a confidence of 95 %. What each has reached goes to standard output.
            """)

    @Argument(help: ArgumentHelp("Trainings, each with the name of its kind.", valueName: "name=dir"))
    var trainings: [String]
    @Option(help: "What is drawn: success or return.")
    var measure = PolicyCurves.Measure.success
    @Option(help: ArgumentHelp("Draw the curves.", valueName: "file.svg"))
    var chart: String?

    func validate() throws {
        try ChartFile.validate(chart, option: "--chart")
        _ = try folders()
    }

    /// The folders of each kind.
    private func folders() throws(ValidationError) -> [String: [String]] {
        var folders: [String: [String]] = [:]
        for training in trainings {
            let parts = training.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw ValidationError("expected a name and a folder, as in attention=runs/1, found \(training)")
            }
            folders[parts[0], default: []].append(parts[1])
        }
        return folders
    }

    func run() throws {
        try ChartFile.check(chart)
        let curves = try PolicyCurves(folders(), of: measure)
        try Results.print(curves.text)
        if let chart { try AtomicFile.write(Array(curves.svg.utf8), to: chart) }
    }
}

extension PolicyCurves.Measure: ExpressibleByArgument {}
