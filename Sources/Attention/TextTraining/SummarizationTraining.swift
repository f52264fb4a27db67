import AttentionLayers
import AttentionModels
import AttentionTensors
public import AttentionText
public import AttentionTraining

/// Trains an encoder–decoder to say long texts in short ones, and leaves a folder that `Summarizer` and the reference read.
///
/// ```swift
/// let training = SummarizationTraining(directory: "synopses")
/// try training.run(train: try LongText.read(["train.tsv"]), valid: try LongText.read(["valid.tsv"]))
/// print(try Summarizer(path: "synopses").summarize(description).text)
/// ```
///
/// Without a model to start from, it is a T5 of the sizes in the settings, with random parameters (Raffel et al. 2020). The folder also holds what it
/// was made with: `settings.json`, `log.jsonl`, `learning-curve.svg`, and while training is unfinished `training/` with its checkpoint.
public struct SummarizationTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: SummarizationSettings
    /// What all randomness follows from.
    public var seed: UInt64
    /// The folder of a model to start from; nil starts from random parameters.
    public var initial: String?

    /// A training that leaves its model in this folder.
    public init(
        directory: String, settings: SummarizationSettings = SummarizationSettings(), seed: UInt64 = 1,
        initial: String? = nil
    ) {
        (self.directory, self.settings, self.seed, self.initial) = (directory, settings, seed, initial)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: texts to learn from.
    ///   - valid: texts to choose the best model by.
    ///   - tokenizer: how texts are cut; nil takes that of the model to start from, or else trains one.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    ///   - exchange: the processes that train together; one of them writes, and has an observer.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the texts, the model, the settings, or the disk.
    @discardableResult public func run(
        train: [LongText], valid: [LongText], tokenizer: Tokenizer? = nil, isResumed: Bool = false,
        record: String? = nil, exchange: any GradientExchange = SingleProcess(),
        observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        for (part, texts) in [("training", train), ("validation", valid)] where texts.isEmpty {
            throw TextTrainingError.tooLittle(part, needed: "at least one text with its summary", found: "none")
        }
        return try Course.folder(directory).hold(isResumed: isResumed, isWriter: exchange.isWriter) {
            let task = try self.task(
                train, valid, tokenizer, isResumed: isResumed, isWriter: exchange.isWriter)
            var identity = Course.identity(of: settings)
            for (name, texts) in [("training data", train), ("validation data", valid)] {
                identity[name] = "\(texts.count) texts (\(Fingerprint(of: texts.flatMap { [$0.text, $0.summary] })))"
            }
            let loop = Course(
                directory: directory, settings: settings.training, seed: seed, identity: identity,
                record: try record ?? settings.json(), exchange: exchange)
            return try loop.run(task, isResumed: isResumed, observer)
        }
    }

    private func task(
        _ train: [LongText], _ valid: [LongText], _ given: Tokenizer?, isResumed: Bool, isWriter: Bool
    ) throws -> SummarizationTask {
        guard let initial else {
            let tokenizer = try TrainingTokenizer(
                given: given, directory: directory, isResumed: isResumed, isKept: isWriter
            ) {
                try BPETrainer(vocabularySize: settings.text.tokenizerSize).train(
                    on: train.lazy.flatMap { [$0.text, $0.summary] })
            }
            let special = SpecialTokens(
                padding: try tokenizer.id(of: [BPETrainer.padding]), start: try tokenizer.id(of: [BPETrainer.padding]),
                end: try tokenizer.id(of: [BPETrainer.sentenceEnd]))
            let start = try TrainableModel(
                settings.model, vocabularySize: tokenizer.tokenizer.count, special: special,
                prefix: settings.text.prefix,
                textLength: settings.text.maximumTextLength, key: RandomKey(seed: seed)[0])
            return try SummarizationTask(
                start, tokenizer, special, train: train, valid: valid, prefix: settings.text.prefix, settings,
                seed: seed)
        }
        if given != nil { throw TextTrainingError.sizesOfFolder(initial, found: "another tokenizer") }
        if settings.model != T5.Sizes() { throw TextTrainingError.sizesOfFolder(initial, found: "sizes of a model") }
        if !settings.text.prefix.isEmpty {
            throw TextTrainingError.sizesOfFolder(initial, found: "another prefix")
        }
        let folder = try PretrainedFolder(path: initial)
        let start = try TrainableModel<EncoderDecoder<TransformerDecoderLayer>>(folder)
        let tokenizer = try TrainingTokenizer(folder: initial)
        let (size, needed) = (start.model.vocabularySize, tokenizer.tokenizer.count)
        guard needed <= size else {
            throw TextTrainingError.smallVocabulary(size, tokenizer: needed, folder: initial)
        }
        let generation = try folder.generation()
        func token(_ name: String, _ id: Int?) throws(TextTrainingError) -> Int {
            guard let id else { throw .noToken(name, folder: initial) }
            return id
        }
        let special = SpecialTokens(
            padding: start.model.padding, start: try token("decoder_start_token_id", generation.startToken),
            end: try token("eos_token_id", generation.endTokens.min()))
        let task = try folder.fields.part("task_specific_params")?.part("summarization")
        return try SummarizationTask(
            start, tokenizer, special, train: train, valid: valid,
            prefix: try task?.string("prefix", default: "") ?? "", settings, seed: seed)
    }
}
