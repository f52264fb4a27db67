import ArgumentParser
import Attention
import AttentionCommand
import Glibc

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on data of your own.",
        subcommands: [
            TrainTranslation.self, TrainLanguage.self, TrainSummarization.self, TrainClassify.self, TrainAnswer.self,
            TrainTag.self, TrainEmbed.self, TrainPolicy.self, TrainImages.self,
        ])
}

struct TrainTranslation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translation",
        abstract: "Train a translation model on sentence pairs.",
        discussion: """
            Data are lines of two columns parted by a tab, plain or compressed by gzip. Settings have defaults; --config takes a \
            JSON file of changes and --set single ones, as in --set dropout=0.3 or --set model.encoderLayerCount=4; --settings prints them \
            all. Ctrl-C saves and ends; --resume goes on from there exactly.
            """)

    @Option(
        name: .customLong("train"),
        help: ArgumentHelp(
            "Sentence pairs to learn from; may be repeated, and is then mixed as samplingTemperature says.",
            valueName: "tsv"))
    var trainingFiles: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp("Sentence pairs to choose the best model by; may be repeated.", valueName: "tsv"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the model goes.", valueName: "dir"))
    var output: String?
    @Option(help: "transformer or recurrent; transformer unless given.")
    var architecture: ArchitectureName?
    @Option(
        help: ArgumentHelp(
            """
            The score of a model's attention (scaled_dot, dot, general, additive, ...) or, in recurrent models, also a mechanism that goes \
            step by step (location_sensitive, coverage, monotonic_soft, ...) or none.
            """, valueName: "mechanism"))
    var attention: String?
    @Option(
        help: ArgumentHelp(
            "A tokenizer.json to use; unless given, one is trained on the training data.", valueName: "file"))
    var tokenizer: String?
    @Option(
        help: ArgumentHelp(
            "A model folder whose parameters and tokenizer training starts from, instead of random parameters.",
            valueName: "dir"))
    var initialize: String?
    @OptionGroup var course: CourseOptions

    /// One of the architectures that there are.
    struct ArchitectureName: ExpressibleByArgument {
        let type: any TranslatorConfiguration.Type

        init?(argument: String) {
            guard let type = TranslatorArchitectures.named(argument) else { return nil }
            self.type = type
        }

        static var allValueStrings: [String] { TranslatorArchitectures.names }
    }

    func validate() throws {
        guard !course.settings else { return }
        if trainingFiles.isEmpty { throw ValidationError("--train: expected at least one file of sentence pairs") }
        if validationFiles.isEmpty { throw ValidationError("--valid: expected at least one file of sentence pairs") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the model") }
    }

    func run() throws {
        course.threads.apply()
        let initial = try initialize.map { try ModelFolder(path: $0) }
        try run(defaultArchitecture(initial), initial)
    }

    /// What settings change: the model to start from, unless another architecture was asked for, or else a small model.
    private func defaultArchitecture(_ initial: ModelFolder?) -> any TranslatorConfiguration {
        let wanted = architecture?.type ?? TranslatorArchitectures.all[0]
        guard let known = initial?.configuration.architecture, architecture == nil || type(of: known) == wanted else {
            return wanted.init()
        }
        return known
    }

    private func run<Model: TranslatorConfiguration>(_ defaults: Model, _ initial: ModelFolder?) throws {
        var defaults = defaults
        if let attention { defaults.attention = attention }
        let chosen = try course.chosen(TranslationSettings(model: defaults))
        try run(chosen.model, chosen, initial)
    }

    private func run<Model>(
        _ architecture: any TranslatorConfiguration, _ chosen: TranslationSettings<Model>, _ initial: ModelFolder?
    ) throws {
        let text = try chosen.json()
        try chosen.training.validate()
        guard !course.settings else { return try Results.print(text, terminator: "") }
        guard let output else { return }
        let configuration = ModelConfiguration(name: output, architecture: architecture)
        try configuration.checkMemory(isTrained: true)
        _ = try configuration.makeModel(key: .blank)
        let train = try trainingFiles.map { try ParallelCorpus(reading: [$0]).pairs }
        let valid = try ParallelCorpus(reading: validationFiles).pairs
        let given = try tokenizer.map { try Tokenizer(contentsOf: $0) }
        let training = TranslationTraining(
            architecture: architecture, settings: chosen.training, directory: output, seed: course.seed,
            initial: initial)
        StopSignal.install()
        let reason = try training.run(
            train: train, valid: valid, tokenizer: given, isResumed: course.resume, record: text
        ) { report($0, maximumUpdates: chosen.training.maximumUpdates) }
        CourseOptions.tell(reason, output: output)
    }

    /// - Parameter maximumUpdates: 0 if there is no limit.
    private func report(_ report: TranslationTraining.Report, maximumUpdates: Int) {
        switch report {
        case .prepared(let examples, let tooLong, let withoutContent, let vocabulary, let parameters):
            let leftOut = [(tooLong, "too long"), (withoutContent, "with an empty side")].filter { $0.0 > 0 }
            let words = leftOut.map { "\($0.0) \($0.1)" }.joined(separator: " and ")
            Diagnostics.print(
                "attend: \(examples) pairs\(words.isEmpty ? "" : " (\(words), left out)"), \(vocabulary) pieces, "
                    + "\(parameters) parameters, \(Parallel.threadCount) threads, \(KernelSelection.active) kernels")
        case .resumedUnverified:
            Diagnostics.print(
                "attend: the checkpoint was made by an earlier version and does not say with what settings and data; "
                    + "if these are others, the model is neither's: start a new training instead")
        case .training(.progress(let progress)):
            let limit = maximumUpdates > 0 ? maximumUpdates : nil
            Diagnostics.printStatus(ProgressLine(progress, maximumUpdates: limit).description)
        case .training(.validation(let validation)):
            Diagnostics.endStatus()
            Diagnostics.print("attend: update \(validation.update): validation loss \(validation.loss)")
        case .training: break
        }
    }
}
