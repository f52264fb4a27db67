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

            With --gates a translator trained here learns on the pairs of --data which heads it can do without, at a price for each that stays; those \
            that are closed in the end go.
            """)

    @Argument(help: "A model folder.")
    var model: String
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which share of all heads goes, from 0 to below 1.", valueName: "share"))
    var heads = 0.0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which share of the hidden units of every feed-forward layer goes.", valueName: "share"))
    var hidden = 0.0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Learn gates for all heads instead, each of which costs so much while it is open: 0.01 to 0.1, say.",
            valueName: "penalty"))
    var gates: Float?
    @Option(
        name: .customLong("gate"),
        help: ArgumentHelp(
            """
            One setting of how gates are learnt: maximumUpdates, batchTokens, modelRate, gateRate, start, clippingNorm or smoothing; may be repeated.
            """, valueName: "key=value"))
    var gating: [String] = []
    @Option(parsing: .unconditional, help: "What the randomness of gates follows from.")
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Examples to judge parts by, and to measure the loss on.", valueName: "file"))
    var data: String?
    @Option(
        help: ArgumentHelp("Draw the loss against size and time, for shares of heads from 0 to 0.9.", valueName: "svg"))
    var curve: String?
    @Flag(help: "Print all that was found as JSON.")
    var json = false
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output: expected a folder for the model") }
        for (name, share) in [("--heads", heads), ("--hidden", hidden)] where !(0..<1 ~= share) {
            throw ValidationError("\(name): expected a share from 0 to below 1, found \(share)")
        }
        if let gates {
            guard gates >= 0, gates.isFinite else {
                throw ValidationError("--gates: expected a price of at least 0, found \(gates)")
            }
            if data == nil { throw ValidationError("--gates: expected --data, the pairs to learn gates on") }
            if heads > 0 || hidden > 0 || curve != nil {
                throw ValidationError(
                    "--gates: expected no --heads, --hidden or --curve beside it, which judge parts as they are")
            }
        } else if !gating.isEmpty {
            throw ValidationError("--gate: expected --gates beside it")
        } else if heads == 0, hidden == 0 {
            throw ValidationError("expected --heads or --hidden above 0, found neither")
        }
        if curve != nil, data == nil { throw ValidationError("--curve: expected --data to measure the loss on") }
        try ChartFile.validate(curve, option: "--curve")
    }

    func run() throws {
        threads.apply()
        try ChartFile.check(curve)
        let report = try report()
        if let curve { try AtomicFile.write(Array(report.chart.utf8), to: curve) }
        guard !json else { return try Results.print(report.json) }
        let share = Double(report.parameters.after) / Double(report.parameters.before) * 100
        try Results.print(
            "parameters\t\(report.parameters.before)\t\(report.parameters.after)\t\(share.shown(2)) %")
        try Results.print("heads\t\(report.headCount)\t\(report.headCount - report.plan.removedHeadCount)")
        if let losses = report.losses {
            try Results.print("loss\t\(losses.before.shown(4))\t\(losses.after.shown(4))")
        }
        if let seconds = report.seconds {
            try Results.print("seconds\t\(seconds.before.decimals(3))\t\(seconds.after.decimals(3))")
        }
    }

    /// Prunes, and says what has gone.
    private func report() throws -> PruningReport {
        guard let gates, let data else {
            let shares = curve == nil ? [] : (0..<10).map { Double($0) / 10 }
            return try ModelPruning(path: model, headShare: heads, unitShare: hidden).write(
                to: output, file: data, measuring: shares)
        }
        var settings = try Settings(GateSettings())
        for assignment in gating { try settings.apply(assignment: assignment) }
        let chosen = try settings.value()
        let report = try HeadGating(path: model, penalty: gates, settings: chosen, seed: seed).write(
            to: output, file: data
        ) { event in
            if case .progress(let progress) = event {
                let open = progress.parts["openHeads"] ?? 0
                Diagnostics.printStatus(
                    ProgressLine(progress, maximumUpdates: chosen.maximumUpdates).description
                        + ", \(open.shown(1)) heads open")
            }
        }
        Diagnostics.endStatus()
        return report
    }
}

extension PruningError: DataFault {}
