import ArgumentParser
import Attention
import AttentionCommand

/// What the commands share that train models that write: where data, model and result lie, and how it is trained.
struct TextTrainingOptions: ParsableArguments {
    @Option(
        name: .customLong("train"), help: ArgumentHelp("Texts to learn from; may be repeated.", valueName: "file"))
    var trainingFiles: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Texts to choose the best model by; may be repeated.", valueName: "file"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @Option(
        help: ArgumentHelp("The folder of a model to start from, instead of random parameters.", valueName: "dir"))
    var model: String?
    @Option(
        help: ArgumentHelp(
            "A tokenizer.json to use; unless given, one is trained on the training data.", valueName: "file"))
    var tokenizer: String?
    @OptionGroup var course: CourseOptions

    /// What is said of settings and signals below every command's own words.
    static let discussion = """
        Files may be compressed by gzip. Settings have defaults; --config takes a JSON file of changes and --set single ones, as in \
        --set dropout=0.2 or --set training.maximumUpdates=2000; --settings prints them all. Ctrl-C saves and ends; --resume goes on from there \
        exactly.
        """

    func validate() throws {
        guard !course.settings else { return }
        if trainingFiles.isEmpty { throw ValidationError("--train: expected at least one file of texts") }
        if validationFiles.isEmpty { throw ValidationError("--valid: expected at least one file of texts") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
        if model != nil, tokenizer != nil {
            throw ValidationError("expected one of --model, which has a tokenizer, and --tokenizer, found both")
        }
    }

    /// The tokenizer that was asked for.
    func givenTokenizer() throws -> Tokenizer? { try tokenizer.map { try Tokenizer(contentsOf: $0) } }

    /// Trains, and tells how it goes and ends.
    func run(
        _ body: (any GradientExchange, _ observer: (TextTrainingReport) throws -> Void) throws -> StopReason
    ) throws {
        try Ranks.train(to: output ?? "", threads: course.threads) { exchange in
            StopSignal.install()
            var updateCount: Int?
            return try body(exchange) { tell($0, &updateCount) }
        }
    }

    private func tell(_ report: TextTrainingReport, _ updateCount: inout Int?) {
        switch report {
        case .prepared(let found):
            updateCount = found.updateCount
            Diagnostics.print(
                "attend: \(found.data), \(found.vocabularySize) pieces, \(found.parameterCount) parameters, "
                    + "\(found.updateCount) updates, \(Parallel.threadCount) threads, \(KernelSelection.active) kernels"
            )
        case .training(.progress(let progress)):
            Diagnostics.printStatus(ProgressLine(progress, maximumUpdates: updateCount).description)
        case .training(.validation(let validation)):
            Diagnostics.endStatus()
            let bits = validation.metrics["bitsPerByte"].map { ", \($0.decimals(4)) bits per byte" } ?? ""
            Diagnostics.print(
                "attend: update \(validation.update): validation loss \(validation.loss.decimals(4))\(bits)")
        case .training: break
        }
    }
}
