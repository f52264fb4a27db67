/// What was said in a sound.
public struct Transcript: Sendable, Hashable {
    /// A stretch of the sound, and what was said in it.
    public struct Segment: Sendable, Hashable {
        /// When it begins, in seconds.
        public var start: Double
        /// When it ends, in seconds.
        public var end: Double
        /// What was said, with the white space that parts it from what was said before.
        public var text: String
        /// The same in the model's tokens, those for moments included.
        public var tokens: [Int]
        /// How sure the model is of the tokens of the whole window: the mean of ln P.
        public var averageLogProbability: Double
        /// How likely nothing was said in the window; nil if the model does not say.
        public var noSpeechProbability: Double?
        /// How many times shorter the text of the window becomes by compression: high where words repeat themselves.
        public var compressionRatio: Double
        /// By which temperature the tokens were drawn; 0 if they are the likeliest.
        public var temperature: Double
        /// When each word was said; none unless `TranscriptionSettings.hasWordTimes`.
        public var words: [Word] = []

        /// A stretch and what was said in it.
        public init(
            start: Double, end: Double, text: String, tokens: [Int] = [], averageLogProbability: Double = 0,
            noSpeechProbability: Double? = nil, compressionRatio: Double = 1, temperature: Double = 0
        ) {
            (self.start, self.end, self.text, self.tokens) = (start, end, text, tokens)
            self.averageLogProbability = averageLogProbability
            self.noSpeechProbability = noSpeechProbability
            (self.compressionRatio, self.temperature) = (compressionRatio, temperature)
        }
    }

    /// A word, and when it was said.
    public struct Word: Sendable, Hashable {
        /// With the white space before it and the punctuation that belongs to it.
        public var text: String
        /// When it begins, in seconds.
        public var start: Double
        /// When it ends, in seconds.
        public var end: Double

        /// A word that was said from `start` to `end`.
        public init(text: String, start: Double, end: Double) { (self.text, self.start, self.end) = (text, start, end) }
    }

    /// The language that was spoken, as the model calls it; nil if it knows one alone.
    public var language: String?
    /// The stretches, in order.
    public var segments: [Segment]

    /// A transcript of these stretches.
    public init(language: String? = nil, segments: [Segment]) { (self.language, self.segments) = (language, segments) }

    /// All that was said.
    public var text: String { segments.map(\.text).joined().trimmingSpaces }
}

extension StringProtocol {
    /// Without white space at its ends.
    var trimmingSpaces: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
