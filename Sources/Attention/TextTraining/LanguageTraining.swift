import AttentionModels
import AttentionTensors
public import AttentionText
public import AttentionTraining

/// Trains a language model on plain texts, and leaves a folder that `TextGenerator` and the reference read.
///
/// ```swift
/// let training = LanguageTraining(directory: "austen")
/// try training.run(train: [try CorpusFile(reading: "Emma.txt").text()], valid: [try CorpusFile(reading: "NorthangerAbbey.txt").text()])
/// print(try TextGenerator(path: "austen").generate("It was").first?.text ?? "")
/// ```
///
/// Without a model to start from, it is a GPT-2 of the sizes in the settings, with random parameters. How good a model is, is told in bits per byte of
/// text, which can be compared between tokenizers. The folder also holds what it was made with: `settings.json`, `log.jsonl`, `learning-curve.svg`, and
/// while training is unfinished `training/` with its checkpoint.
public struct LanguageTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: LanguageSettings
    /// What all randomness follows from.
    public var seed: UInt64
    /// The folder of a model to start from; nil starts from random parameters.
    public var initial: String?

    /// A training that leaves its model in this folder.
    public init(
        directory: String, settings: LanguageSettings = LanguageSettings(), seed: UInt64 = 1, initial: String? = nil
    ) {
        (self.directory, self.settings, self.seed, self.initial) = (directory, settings, seed, initial)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: texts to learn from, each a whole.
    ///   - valid: texts to choose the best model by.
    ///   - tokenizer: how texts are cut; nil takes that of the model to start from, or else trains one.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    ///   - exchange: the processes that train together; one of them writes, and has an observer.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the texts, the model, the settings, or the disk.
    @discardableResult public func run(
        train: [String], valid: [String], tokenizer: Tokenizer? = nil, isResumed: Bool = false, record: String? = nil,
        exchange: any GradientExchange = SingleProcess(), observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        for (part, texts) in [("training", train), ("validation", valid)]
        where texts.allSatisfy(\.isEmpty) {
            throw TextTrainingError.tooLittle(part, needed: "some text", found: "none")
        }
        return try Course.folder(directory).hold(isResumed: isResumed, isWriter: exchange.isWriter) {
            let task = try self.task(
                train, valid, tokenizer, isResumed: isResumed, isWriter: exchange.isWriter)
            var identity = Course.identity(of: settings)
            // Before there were others, positions were always learned.
            if settings.model.positions == .learned { identity["settings.model.positions"] = nil }
            for (name, texts) in [("training data", train), ("validation data", valid)] {
                identity[name] = "\(texts.count) texts (\(Fingerprint(of: texts)))"
            }
            let loop = Course(
                directory: directory, settings: settings.training, seed: seed, identity: identity,
                record: try record ?? settings.json(), exchange: exchange)
            return try loop.run(task, isResumed: isResumed, observer)
        }
    }

    private func task(
        _ train: [String], _ valid: [String], _ given: Tokenizer?, isResumed: Bool, isWriter: Bool
    ) throws -> LanguageTask {
        let tokenizer: TrainingTokenizer
        let start: TrainableModel<CausalLanguageModel>
        let end: Int
        if let initial {
            if given != nil { throw TextTrainingError.sizesOfFolder(initial, found: "another tokenizer") }
            if settings.model != GPT2.Sizes() {
                throw TextTrainingError.sizesOfFolder(initial, found: "sizes of a model")
            }
            let folder = try PretrainedFolder(path: initial)
            start = try TrainableModel(folder)
            tokenizer = try TrainingTokenizer(folder: initial)
            guard let found = try folder.generation().endTokens.min() else {
                throw TextTrainingError.noToken("eos_token_id", folder: initial)
            }
            end = found
            let (size, needed) = (start.model.vocabularySize, tokenizer.tokenizer.count)
            guard needed <= size else {
                throw TextTrainingError.smallVocabulary(size, tokenizer: needed, folder: initial)
            }
        } else {
            tokenizer = try TrainingTokenizer(
                given: given, directory: directory, isResumed: isResumed, isKept: isWriter
            ) {
                try ByteLevelBPETrainer(vocabularySize: settings.text.tokenizerSize).train(on: train)
            }
            end = try tokenizer.id(of: [ByteLevelBPETrainer.endOfText, "</s>", "<eos>"])
            start = try TrainableModel(
                settings.model, vocabularySize: tokenizer.tokenizer.count, contextLength: settings.text.blockLength,
                endToken: end, key: RandomKey(seed: seed)[0])
        }
        return try LanguageTask(
            start, tokenizer, train: train, valid: valid, end: end, settings.text, seed: seed)
    }
}
