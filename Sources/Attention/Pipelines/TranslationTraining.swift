import AttentionFiles
import AttentionInspection
import AttentionModels
import AttentionTensors
public import AttentionText
public import AttentionTraining

/// Trains a translation model on sentence pairs and leaves a model folder.
///
/// The folder also holds what it was made with: `settings.json`, `log.jsonl`, `learning-curve.svg`, and while training is unfinished
/// `training/` with its checkpoint. Sentences that are traced leave where the model looked at each validation in `traces/`, see `TrainingTraces`.
public struct TranslationTraining: Sendable {
    /// The model to build; its vocabulary size follows the tokenizer.
    public var architecture: any TranslatorConfiguration
    /// How it is trained.
    public var settings: TranslationTrainingSettings
    /// Where everything goes.
    public var directory: String
    /// What all randomness follows from.
    public var seed: UInt64
    /// The model whose parameters and tokenizer training starts from; nil starts from random parameters.
    public var initial: ModelFolder?
    /// Sentences and their translations whose cross-attention is kept at every validation: at most 8, of at most 64 pieces a side.
    public var traced: [SentencePair] = []

    /// What a teacher tells beside translations, whose tokenizer is then the student's; nil without one.
    public var guidance: TeacherGuidance?
    /// What a student was taught with, kept as `distillation/settings.json`; nil for a model without a teacher.
    public var distillation: DistillationRecord?

    /// A training of these parts.
    public init(
        architecture: any TranslatorConfiguration, settings: TranslationTrainingSettings, directory: String,
        seed: UInt64, initial: ModelFolder? = nil
    ) {
        self.architecture = architecture
        self.settings = settings
        self.directory = directory
        self.seed = seed
        self.initial = initial
    }

    /// What a run tells while it prepares and trains.
    public enum Report: Sendable {
        /// The data are ready; of the pairs left out, some are too long and some have a side without content.
        case prepared(examples: Int, tooLong: Int, withoutContent: Int, vocabulary: Int, parameters: Int)
        /// The checkpoint was made by an earlier version and does not say with what settings and data.
        case resumedUnverified
        /// The loop has something to tell.
        case training(TrainingEvent)
    }

    /// Trains until a limit or a signal; when it ends by a limit, averages the kept models and writes the model folder.
    ///
    /// - Parameters:
    ///   - train: corpora of sentence pairs, mixed as `settings.samplingTemperature` says.
    ///   - given: the tokenizer; nil takes that of the model training starts from, or trains one on both sides of the training data.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`.
    ///   - exchange: the processes that train together; one of them writes, and has an observer.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the data, the settings, or the disk.
    public func run(
        train: [[SentencePair]], valid: [SentencePair], tokenizer given: Tokenizer? = nil, isResumed: Bool,
        record: String, exchange: any GradientExchange = SingleProcess(), observer: (Report) throws -> Void
    ) throws -> StopReason {
        try initial.map { try check($0, given) }
        try guidance?.check(settings, tokenizers: [initial?.tokenizer, given].compactMap(\.self))
        let folder = TrainingFolder(
            path: directory, modelFiles: ["model.safetensors", "config.json", "tokenizer.json"])
        return try folder.hold(isResumed: isResumed, isWriter: exchange.isWriter) {
            try runLocked(
                train: train, valid: valid, tokenizer: given, isResumed: isResumed, record: record, exchange
            ) { if exchange.isWriter { try observer($0) } }
        }
    }

    /// The same in a folder that no other training has.
    private func runLocked(
        train all: [[SentencePair]], valid allValid: [SentencePair], tokenizer given: Tokenizer?, isResumed: Bool,
        record: String, _ exchange: any GradientExchange, observer: (Report) throws -> Void
    ) throws -> StopReason {
        let given = initial?.tokenizer ?? guidance?.teacher.tokenizer ?? given
        let train = all.map { $0.filter(\.hasContent) }
        let valid = allValid.filter(\.hasContent)
        let withoutContent = zip(all, train).reduce(0) { $0 + $1.0.count - $1.1.count }
        let tokenizer = try makeTokenizer(given, train, isResumed: isResumed, isKept: exchange.isWriter)
        let configuration = ModelConfiguration(name: name, architecture: try fitted(to: tokenizer))
        let data = TranslationData(tokenizer: tokenizer, special: configuration.architecture.special)
        let model = try makeModel(configuration)
        try guidance?.check(student: model)
        var loop = settings.makeConfiguration(directory: directory, seed: seed)
        loop.identity = identity(configuration.architecture, tokenizer, given: given, train: train, valid: valid)
        return try run(
            model, configuration, data, loop, train: train.map(data.encode), valid: valid, isResumed: isResumed,
            record: record, withoutContent: withoutContent, exchange, observer)
    }

    private func makeModel(_ configuration: ModelConfiguration) throws -> any SequenceToSequence {
        guard let initial else { return try configuration.makeModel(key: RandomKey(seed: seed)[0]) }
        return initial.model.parameters(in: try configuration.makeModel(key: .blank))
    }

    private var name: String { directory.split(separator: "/").last.map(String.init) ?? "model" }

    private func makeTokenizer(
        _ given: Tokenizer?, _ train: [[SentencePair]], isResumed: Bool, isKept: Bool
    ) throws -> Tokenizer {
        let path = directory + "/tokenizer.json"
        if isResumed, Directory.hasFile(path) { return try Tokenizer(contentsOf: path) }
        let trainer = BPETrainer(vocabularySize: settings.tokenizerSize, isLowercasing: settings.lowercase)
        let tokenizer = try given ?? trainer.train(on: train.joined().lazy.flatMap { [$0.source, $0.target] })
        if isKept { try tokenizer.write(to: path) }
        return tokenizer
    }

    /// The architecture with the tokenizer's vocabulary and special ids.
    private func fitted(to tokenizer: Tokenizer) throws -> any TranslatorConfiguration {
        if let known = initial?.configuration.architecture {
            return architecture.fitted(vocabularySize: known.vocabularySize, special: known.special)
        }
        func id(_ piece: String) throws -> Int {
            guard let id = tokenizer.id(of: piece) else { throw TranslationTrainingError.missingPiece(piece) }
            return id
        }
        let special = SpecialTokens(
            padding: try id(BPETrainer.padding), start: try id(BPETrainer.sentenceStart),
            end: try id(BPETrainer.sentenceEnd))
        return architecture.fitted(vocabularySize: tokenizer.count, special: special)
    }

    /// Sentences of more pieces take no part: those the settings leave out, and those the model has no positions for.
    private func lengthLimit(_ configuration: ModelConfiguration) -> Int {
        min(settings.maximumLength, configuration.architecture.lengthLimit ?? .max)
    }

    private func run<Model: SequenceToSequence>(
        _ model: Model, _ configuration: ModelConfiguration, _ data: TranslationData, _ loop: TrainingConfiguration,
        train: [[SequencePair]], valid: [SentencePair], isResumed: Bool, record: String,
        withoutContent: Int, _ exchange: any GradientExchange, _ observer: (Report) throws -> Void
    ) throws -> StopReason {
        let buckets = TokenBucketing(
            try MixedExamples(train, .temperature(settings.samplingTemperature), key: RandomKey(seed: seed)[1]),
            tokenLimit: settings.batchTokens, lengthLimit: lengthLimit(configuration), seed: seed)
        let validation = try TokenBucketing(
            data.encode(valid), tokenLimit: max(settings.batchTokens, 4096),
            lengthLimit: configuration.architecture.lengthLimit,
            seed: 0
        ).epoch(0).batches()
        let sentences = try TrainedSentences(traced, data, lengthLimit: configuration.architecture.lengthLimit)
        var traces: [ModelTrace] = []
        guard !validation.isEmpty else { throw TranslationTrainingError.nothingToValidate(pairs: valid.count) }
        let division = BatchDivision(for: exchange, accumulating: loop.accumulationCount)
        var trainer = try Trainer(
            model: model, optimizer: settings.makeOptimizer(), schedule: settings.makeSchedule(),
            batches: buckets.dealt(to: exchange, division).mapped(key: RandomKey(seed: seed)[2]) {
                [dropout = settings.pieceDropout] pairs, key in
                pairs.isEmpty ? nil : data.batch(dropout > 0 ? data.recut(pairs, dropout: dropout, key: key) : pairs)
            }, configuration: loop, exchange: exchange, division: division,
            loss: {
                [objective = TranslationLoss(settings: settings, data: data, guidance: guidance)] model, batch, step in
                try batch.map { try objective.loss(of: model, $0, step) } ?? .nothing
            },
            validate: { [examined = validation.flatMap(\.self).shortest { $0.source.count + $0.target.count }] model in
                let result = try validate(model, validation.map(data.batch)).examining {
                    SequencePatient(
                        model: model, pairs: examined.map { ($0.source, $0.target) }, start: data.special.start,
                        padding: data.special.padding)
                }
                if result.loss.isFinite { traces = try sentences.traces(by: model) }
                return result
            })
        if isResumed, try !trainer.resume() { try observer(.resumedUnverified) }
        if exchange.isWriter { try keep(record) }
        let counts = try buckets.counts(ofEpoch: 0)
        try observer(
            .prepared(
                examples: counts.fitting, tooLong: counts.tooLong, withoutContent: withoutContent,
                vocabulary: data.tokenizer.count, parameters: model.parameterCount))
        if exchange.isWriter {
            try startTraces(isResumed ? nil : try sentences.traces(by: model), trainer.progress.update)
        }
        let reason = try withPrecision(settings.precision) {
            try trainer.run { event in
                if case .validation(let validation) = event { try keep(traces, update: validation.update) }
                try observer(.training(event))
            }
        }
        guard exchange.isWriter else { return reason }
        if reason != .interrupted {
            let isCool = settings.isCooled && reason == .maximumUpdates
            try finish(
                isCool ? trainer.model : try trainer.averagedModel(), configuration, data, valid: valid,
                train: train.flatMap(\.self))
        }
        try LearningCurve(
            log: directory + "/log.jsonl", loss: "loss per token (nats)", training: "training (smoothed targets)"
        ).write(to: directory + "/learning-curve.svg")
        return reason
    }

    /// Keeps what the run was asked for.
    private func keep(_ record: String) throws {
        try AtomicFile.write(Array(record.utf8), to: directory + "/settings.json")
        guard let distillation else { return }
        try Directory.create(directory + "/distillation")
        try AtomicFile.write(Array(try distillation.json().utf8), to: directory + "/distillation/settings.json")
    }

    /// Keeps where the model looks before it has learnt anything, or goes on behind what was kept up to an update.
    private func startTraces(_ first: [ModelTrace]?, _ update: Int) throws {
        for number in traced.indices {
            try TrainingTraces(of: number + 1, in: directory).resume(at: first == nil ? update : -1)
        }
        if let first { try keep(first, update: update) }
    }

    private func keep(_ traces: [ModelTrace], update: Int) throws {
        for (number, trace) in traces.enumerated() {
            try TrainingTraces(of: number + 1, in: directory).keep(
                trace, update: update, interval: settings.validationInterval)
        }
    }

    private func validate(_ model: some SequenceToSequence, _ batches: [SequencePairBatch]) throws -> ValidationResult {
        var (sum, count) = (0.0, 0)
        for batch in batches {
            try StopSignal.check()
            sum += Double(try model.loss(batch).scalar)
            count += batch.targetTokenCount
        }
        return ValidationResult(loss: sum / Double(max(count, 1)))
    }

    private func finish(
        _ model: some SequenceToSequence, _ configuration: ModelConfiguration, _ data: TranslationData,
        valid: [SentencePair], train: [SequencePair]
    ) throws {
        var folder = ModelFolder(configuration: configuration, tokenizer: data.tokenizer, model: model)
        try folder.write(to: directory)  // at once: choosing the head takes a while
        folder.configuration.alignment = try AlignmentChoice(data) { try model.alignments($0) }.best(
            on: valid, trainedOn: train, lengthLimit: lengthLimit(configuration))
        try folder.write(to: directory)
    }
}
