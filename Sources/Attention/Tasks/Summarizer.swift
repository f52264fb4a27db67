import AttentionDecoding
import AttentionFiles
public import AttentionModels
import AttentionText

/// Says a long text in a short one, with an encoder–decoder that was trained to: BART, PEGASUS, T5 (Lewis et al. 2020; Zhang et al. 2020; Raffel et
/// al. 2020).
///
/// ```swift
/// let summarizer = try Summarizer(path: "distilbart-cnn-12-6")
/// print(try summarizer.summarize(article).text)
/// ```
///
/// A value that may be shared by any number of tasks; copies share the weights.
public struct Summarizer: HeadedModel {
    /// What writes, and how: at first as the folder says for summaries.
    public var generator: TextGenerator
    /// What stands before every text: the folder's words for summaries, or nothing.
    public var prompt: String
    /// The most tokens of a text; what is behind them is not read.
    public var lengthLimit: Int

    /// The heads that can be left out.
    public var heads: HeadCounts { generator.heads }

    /// A summary.
    public struct Summary: Sendable, Hashable {
        /// The short text.
        public let text: String
        /// Its tokens, the one that ended it included.
        public let tokens: [Int]
        /// ln P of them; with beams divided by length^α.
        public let score: Double
        /// Whether the end of the long text was not read.
        public let isCut: Bool
    }

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        var generator = try TextGenerator(path: path)
        guard generator.model.sequenceToSequence != nil else {
            throw PretrainedError.wrongTask(
                needed: "an encoder and a decoder", found: folder.architecture, folder: path)
        }
        (prompt, lengthLimit) = try ConfigurationFile.reporting(path + "/config.json") {
            let task = try folder.fields.part("task_specific_params")?.part("summarization")
            if let task { try generator.configuration.read(task) }
            let prompt = try task?.string("prefix", default: "") ?? ""
            // T5 has no limit, but says how long the texts were that it has learnt from.
            let limit = try generator.model.lengthLimit ?? folder.fields.size("n_positions", default: 1024)
            return (prompt, limit)
        }
        self.generator = generator
    }

    /// The summary of a text.
    /// - Throws: `PretrainedError` if the folder has no tokenizer; `SearchError` if a setting makes no sense, or the task is cancelled.
    public func summarize(_ text: String) throws -> Summary {
        var run = TaskRun()
        return try summarize(text, in: &run)
    }

    /// The same in a run: where the heads that it asks for looked while the summary was written is noted among its traces, of the text as far as
    /// it was read.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for; `TranslationError` if it asks for some, and nothing was
    ///   written.
    public func summarize(_ text: String, in run: inout TaskRun) throws -> Summary {
        let whole = try generator.encoding(of: prompt + text)
        // The end token stays where it was.
        let isCut = whole.ids.count > lengthLimit
        let read = isCut ? whole.removing(lengthLimit - 1..<whole.ids.count - 1) : whole
        let written = try generator.generate(prompt + text, reading: read, in: &run)
        guard let best = written.first else { return Summary(text: "", tokens: [], score: 0, isCut: isCut) }
        return Summary(text: best.text ?? "", tokens: best.tokens, score: best.score, isCut: isCut)
    }
}

extension GenerationConfiguration {
    /// Takes over what older folders say of one task.
    fileprivate mutating func read(_ task: ConfigurationFields) throws {
        let own = try GenerationConfiguration(task)
        if task.has("num_beams") { beamSize = own.beamSize }
        if task.has("max_length") { lengthLimit = own.lengthLimit }
        if task.has("min_length") { minimumLength = own.minimumLength }
        if task.has("length_penalty") { lengthPenalty = own.lengthPenalty }
        if task.has("early_stopping") { ending = own.ending }
        if task.has("no_repeat_ngram_size") { repeatedSequenceLength = own.repeatedSequenceLength }
    }
}
