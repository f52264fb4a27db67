import ArgumentParser
import Attention
import AttentionCommand

/// What the commands share that train a translator: what it is made of, and how it is trained.
struct StudentOptions: ParsableArguments {
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
    @Option(
        name: .customLong("trace"),
        help: ArgumentHelp(
            """
            A sentence of the pairs, or a sentence and its translation parted by a tab, whose cross-attention is kept at every validation, in \
            traces/ of the folder; may be repeated, up to 8. attend inspect --trace replays it.
            """, valueName: "text"))
    var traced: [String] = []
    @Option(help: ArgumentHelp("More of them: sentences and their translations, one pair a line.", valueName: "tsv"))
    var traceFile: String?
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

    /// A teacher by whom the learning material was made.
    struct Lesson {
        /// What is kept of how it was asked.
        let record: DistillationRecord
        /// What it tells beside translations; nil for nothing.
        var guidance: TeacherGuidance?
    }

    /// Learning material: what is learnt from, corpus by corpus, and what the best model is chosen by.
    typealias Pairs = (train: [[SentencePair]], valid: [SentencePair])

    /// Trains on what `pairs` gives, once the settings are known to be good; with --settings only prints those.
    /// - Parameter lesson: what they were made by.
    func train(to output: String?, taughtBy lesson: Lesson? = nil, _ pairs: () throws -> Pairs) throws {
        let initial = try initialize.map { try ModelFolder(path: $0) }
        try run(defaultArchitecture(initial), initial, output, lesson, pairs)
    }

    /// What settings change: the model to start from, unless another architecture was asked for, or else a small model.
    private func defaultArchitecture(_ initial: ModelFolder?) -> any TranslatorConfiguration {
        let wanted = architecture?.type ?? TranslatorArchitectures.all[0]
        guard let known = initial?.configuration.architecture, architecture == nil || type(of: known) == wanted else {
            return wanted.init()
        }
        return known
    }

    private func run<Model: TranslatorConfiguration>(
        _ defaults: Model, _ initial: ModelFolder?, _ output: String?, _ lesson: Lesson?,
        _ pairs: () throws -> Pairs
    ) throws {
        var defaults = defaults
        if let attention { defaults.attention = attention }
        let chosen = try course.chosen(TranslationSettings(model: defaults))
        try run(chosen.model, chosen, initial, output, lesson, pairs)
    }

    private func run<Model>(
        _ architecture: any TranslatorConfiguration, _ chosen: TranslationSettings<Model>, _ initial: ModelFolder?,
        _ output: String?, _ lesson: Lesson?, _ pairs: () throws -> Pairs
    ) throws {
        let text = try chosen.json()
        try chosen.training.validate()
        guard !course.settings else { return try Results.print(text, terminator: "") }
        let given = try tokenizer.map { try Tokenizer(contentsOf: $0) }
        try lesson?.guidance?.check(chosen.training, tokenizers: [given, initial?.tokenizer].compactMap { $0 })
        if let guidance = lesson?.guidance, guidance.settings.attentionWeight > 0 {
            let student = ModelConfiguration(name: output ?? "student", architecture: architecture)
            try guidance.check(student: try student.makeModel(key: RandomKey(seed: course.seed)))
        }
        guard let output else { return }
        try Ranks.train(to: output, threads: course.threads) { exchange in
            try train(
                architecture, chosen, initial, given, lesson, record: text, output: output, pairs, exchange)
        }
    }

    private func train<Model>(
        _ architecture: any TranslatorConfiguration, _ chosen: TranslationSettings<Model>, _ initial: ModelFolder?,
        _ given: Tokenizer?, _ lesson: Lesson?,
        record: String, output: String, _ pairs: () throws -> Pairs, _ exchange: any GradientExchange
    ) throws -> StopReason {
        let configuration = ModelConfiguration(name: output, architecture: architecture)
        try configuration.checkMemory(isTrained: true)
        _ = try configuration.makeModel(key: .blank)
        let pairs = try pairs()
        var training = TranslationTraining(
            architecture: architecture, settings: chosen.training, directory: output, seed: course.seed,
            initial: initial)
        (training.guidance, training.distillation) = (lesson?.guidance, lesson?.record)
        training.traced = try tracedPairs(among: [pairs.valid] + pairs.train)
        StopSignal.install()
        return try training.run(
            train: pairs.train, valid: pairs.valid, tokenizer: given, isResumed: course.resume, record: record,
            exchange: exchange
        ) { report($0, maximumUpdates: chosen.training.maximumUpdates) }
    }

    /// The pairs that are traced: as they are given, or found by their source among these.
    private func tracedPairs(among corpora: [[SentencePair]]) throws -> [SentencePair] {
        let given = try traced.map { text in
            let columns = text.split(separator: "\t", maxSplits: 1).map(String.init)
            if columns.count == 2 { return SentencePair(source: columns[0], target: columns[1]) }
            guard let found = corpora.lazy.joined().first(where: { $0.source == text }) else {
                throw ValidationError(
                    "--trace: expected a sentence of the pairs, or one and its translation parted by a tab, found \"\(text)\""
                )
            }
            return found
        }
        return try given + (traceFile.map { try ParallelCorpus(reading: [$0]).pairs } ?? [])
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
            Diagnostics.print(
                "attend: update \(validation.update): validation loss \(validation.loss)"
                    + validation.inWords())
        case .training: break
        }
    }
}
