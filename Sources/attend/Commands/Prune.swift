import ArgumentParser
import Attention
import AttentionCommand

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take heads and hidden units out of a model for good.",
        discussion: """
            Those go that matter least: by the loss of the examples of --data and its derivative by what each head gives, or without examples by \
            the size of weights. Reads a translator trained here, with pairs of texts as examples, or a BERT, RoBERTa, ELECTRA or DistilBERT, with \
            the examples of attend train classify, tag, answer or, of models without a head, embed. What is left is a folder like any other; attend \
            train translation --initialize and attend train --model train it further.
            """)

    @Argument(help: "A model folder.")
    var model: String
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String
    @Option(help: ArgumentHelp("Which share of all heads goes, from 0 to below 1.", valueName: "share"))
    var heads = 0.0
    @Option(help: ArgumentHelp("Which share of the hidden units of every feed-forward layer goes.", valueName: "share"))
    var hidden = 0.0
    @Option(help: ArgumentHelp("Examples to judge parts by, and to measure the loss on.", valueName: "file"))
    var data: String?
    @Option(
        help: ArgumentHelp("Draw the loss against the size, for shares of heads from 0 to 0.9.", valueName: "svg"))
    var curve: String?
    @Flag(help: "Print all that was found as JSON.")
    var json = false
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
        for (name, share) in [("--heads", heads), ("--hidden", hidden)] where !(0..<1 ~= share) {
            throw ValidationError("\(name): expected a share from 0 to below 1, found \(share)")
        }
        if heads == 0, hidden == 0 { throw ValidationError("expected --heads or --hidden above 0, found neither") }
        if curve != nil, data == nil { throw ValidationError("--curve: expected --data to measure the loss on") }
        try ChartFile.validate(curve, option: "--curve")
    }

    func run() throws {
        threads.apply()
        try ChartFile.check(curve)
        let shares = curve == nil ? [] : (0..<10).map { Double($0) / 10 }
        let report = try ModelPruning(path: model, headShare: heads, unitShare: hidden).write(
            to: output, file: data, measuring: shares)
        if let curve { try AtomicFile.write(Array(report.chart.utf8), to: curve) }
        guard !json else { return try Results.print(report.json) }
        let share = Double(report.parameters.after) / Double(report.parameters.before) * 100
        try Results.print(
            "parameters\t\(report.parameters.before)\t\(report.parameters.after)\t\(share.decimals(2)) %")
        try Results.print("heads\t\(report.headCount)\t\(report.headCount - report.plan.removedHeadCount)")
        if let losses = report.losses {
            try Results.print("loss\t\(losses.before.decimals(4))\t\(losses.after.decimals(4))")
        }
    }
}

extension PruningError: DataFault {}
