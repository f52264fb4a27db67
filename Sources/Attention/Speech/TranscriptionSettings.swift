public import AttentionTensors

/// How speech is written down.
public struct TranscriptionSettings: Sendable, Hashable {
    /// What is written of speech.
    public enum Task: String, Sendable, Hashable, CaseIterable {
        /// What was said, in its language.
        case transcribe
        /// The same in English.
        case translate
    }

    /// The language that is spoken: `en`, `de`, …; nil lets the model say, by what it hears first.
    public var language: String?
    /// What is written.
    public var task = Task.transcribe
    /// Whether each stretch is to have its own moments. Sounds longer than a window are cut into stretches in any case.
    public var hasTimestamps = false
    /// Whether each word is to have its time, by where the decoder looks in the sound.
    public var hasWordTimes = false
    /// How many hypotheses live at temperature 0.
    public var beamSize = 1
    /// By which temperatures tokens are drawn, one after the other until the text passes: 0 takes the likeliest.
    public var temperatures = [0, 0.2, 0.4, 0.6, 0.8, 1]
    /// A text passes if compression makes it this many times shorter at most.
    public var compressionRatioLimit = 2.4
    /// A text passes if the mean of ln P of its tokens is this at least.
    public var logProbabilityLimit = -1.0
    /// A window is silent if the model says so with more than this probability, and is not sure of the text either.
    public var noSpeechLimit = 0.6
    /// Where randomness comes from.
    public var key = RandomKey(seed: 0)

    /// What Whisper's authors take, but for beams (Radford et al. 2023, sec. 4.5).
    public init() {}
}
