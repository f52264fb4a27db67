public import AttentionModels

/// Everything that decides how a summarizer comes out of its examples: what `--config` and `--set` can change.
public struct SummarizationSettings: SettingsDocument, Hashable {
    /// The model's sizes, where it begins with random parameters.
    public var model = T5.Sizes()
    /// How it reads its examples.
    public var text = Reading()
    /// How it is trained.
    public var training = CourseSettings()
    /// ε of label smoothing.
    public var smoothing: Float = 0

    /// How texts are cut into tokens and batches.
    public struct Reading: Codable, Sendable, Hashable {
        /// Pieces of the tokenizer trained on texts and summaries, if none is given.
        public var tokenizerSize = 8000
        /// The most tokens of a text; what is behind them is not read.
        public var maximumTextLength = 256
        /// The most tokens of a summary; what is behind them is not learnt.
        public var maximumSummaryLength = 48
        /// The tokens of a batch, padding included, on the longer side.
        public var batchTokens = 4096
        /// What stands before every text; a folder to start from has words of its own.
        public var prefix = ""

        /// The defaults.
        public init() {}
    }

    /// The defaults, for a model of ten million parameters and short texts.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try training.validate()
        try ConfigurationError.require("text.tokenizerSize", text.tokenizerSize, atLeast: 1)
        try ConfigurationError.require("text.maximumTextLength", text.maximumTextLength, in: 2...1 << 20)
        try ConfigurationError.require("text.maximumSummaryLength", text.maximumSummaryLength, in: 2...1 << 20)
        let longest = max(text.maximumTextLength, text.maximumSummaryLength)
        try ConfigurationError.require("text.batchTokens", text.batchTokens, atLeast: longest)
        try ConfigurationError.require("smoothing", probability: smoothing)
    }
}
