public import AttentionModels

/// Everything that decides how a language model comes out of its texts: what `--config` and `--set` can change.
public struct LanguageSettings: SettingsDocument, Hashable {
    /// The model's sizes, where it begins with random parameters.
    public var model = GPT2.Sizes()
    /// How it reads its texts.
    public var text = Reading()
    /// How it is trained.
    public var training = CourseSettings()

    /// How texts are cut into tokens and blocks.
    public struct Reading: Codable, Sendable, Hashable {
        /// Pieces of the tokenizer trained on the training texts, if none is given; 257 cut a text into its bytes.
        public var tokenizerSize = 4096
        /// How many tokens the model reads at once; of a new model the most that it can read.
        public var blockLength = 256
        /// Blocks of a batch.
        public var batchSize = 8

        /// The defaults.
        public init() {}
    }

    /// The defaults, for a model of six million parameters and a few megabytes of text.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try training.validate()
        try ConfigurationError.require("text.tokenizerSize", text.tokenizerSize, atLeast: 257)
        try ConfigurationError.require("text.blockLength", text.blockLength, in: 1...1 << 20)
        try ConfigurationError.require("text.batchSize", text.batchSize, atLeast: 1)
    }
}
