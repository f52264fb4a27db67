import ArgumentParser
import Attention
import AttentionCommand

/// What the commands that fine-tune share: where the model, the data and the result lie, and how it is trained.
struct FineTuningOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the model to start from.", valueName: "dir"))
    var model: String?
    @Option(
        name: .customLong("train"), help: ArgumentHelp("Examples to learn from; may be repeated.", valueName: "file"))
    var trainingFiles: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Examples to choose the best model by; may be repeated.", valueName: "file"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the model goes, or its adapters.", valueName: "dir"))
    var output: String?
    @OptionGroup var course: CourseOptions

    /// What is said of settings and signals below every command's own words.
    static let discussion = """
        Files may be compressed by gzip. Settings have defaults; --config takes a JSON file of changes and --set single ones, as in \
        --set peakRate=0.0003, --set layerDecay=0.9, --set frozen=encoder.embeddings.* or --set adapter.rank=8, which trains low-rank adapters \
        instead; --settings prints them all. Ctrl-C saves and ends; --resume goes on from there exactly.
        """

    func validate() throws {
        guard !course.settings else { return }
        if model?.isEmpty ?? true { throw ValidationError("--model: expected the folder of a model to start from") }
        if trainingFiles.isEmpty { throw ValidationError("--train: expected at least one file of examples") }
        if validationFiles.isEmpty { throw ValidationError("--valid: expected at least one file of examples") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    /// Fine-tunes on what `data` makes of the files.
    func run(
        _ defaults: FineTuningSettings = FineTuningSettings(),
        _ data: (_ train: [String], _ valid: [String]) throws -> FineTuningData
    ) throws {
        let chosen = try course.chosen(defaults)
        try chosen.validate()
        guard !course.settings else { return try Results.print(try chosen.json(), terminator: "") }
        guard let model, let output else { return }
        let tuning = FineTuning(model: model, directory: output, settings: chosen, seed: course.seed)
        try Ranks.train(to: output, threads: course.threads) { exchange in
            let examples = try data(trainingFiles, validationFiles)
            StopSignal.install()
            var updateCount: Int?
            return try tuning.run(examples, isResumed: course.resume, exchange: exchange) { report($0, &updateCount) }
        }
    }

    private func report(_ report: FineTuning.Report, _ updateCount: inout Int?) {
        switch report {
        case .prepared(let found):
            updateCount = found.updateCount
            for line in lines(of: found) { Diagnostics.print("attend: " + line) }
        case .training(.progress(let progress)):
            Diagnostics.printStatus(ProgressLine(progress, maximumUpdates: updateCount, unit: "examples").description)
        case .training(.validation(let validation)):
            Diagnostics.endStatus()
            Diagnostics.print(
                "attend: update \(validation.update): validation loss \(validation.loss.shown(4))"
                    + validation.inWords())
        case .training: break
        }
    }

    private func lines(of found: FineTuning.Preparation) -> [String] {
        let cut = found.cutCount > 0 ? " (\(found.cutCount) longer than the model reads, cut)" : ""
        let trained =
            found.trainedCount == found.parameterCount
            ? "\(found.parameterCount) parameters" : "\(found.trainedCount) of \(found.parameterCount) parameters"
        var lines = [
            "\(found.exampleCount) examples\(cut), \(trained), \(found.updateCount) updates, "
                + "\(Parallel.threadCount) threads, \(KernelSelection.active) kernels"
        ]
        guard !found.fresh.isEmpty else { return lines }
        let names = found.labels.prefix(5).joined(separator: ", ") + (found.labels.count > 5 ? ", …" : "")
        let classes = found.labels.isEmpty ? "" : " for \(found.labels.count) classes (\(names))"
        lines.append("a new head\(classes): \(found.fresh.joined(separator: ", "))")
        return lines
    }
}
