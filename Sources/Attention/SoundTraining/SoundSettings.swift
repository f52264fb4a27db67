public import AttentionModels
import AttentionSignals

/// Everything that decides how a model of sounds comes out of them: what `--config` and `--set` can change.
public struct SoundSettings: SettingsDocument, Hashable {
    /// The sizes of the model.
    public var model = AST.Sizes()
    /// How sounds are given to it.
    public var sounds = HearingSettings()
    /// How it is trained.
    public var training = CourseSettings()

    /// The defaults: for some thousands of words, a second long.
    public init() {
        (training.weightDecay, training.beta2, training.validationInterval) = (0.05, 0.999, 200)
        training.maximumUpdates = 3000
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try sounds.validate()
        try training.validate()
        guard model.patchSize <= min(sounds.bandCount, sounds.frameCount) else {
            throw ConfigurationError(
                "model.patchSize",
                expected: "at most \(min(sounds.bandCount, sounds.frameCount)), so many bands and moments being heard",
                found: "\(model.patchSize)")
        }
    }
}

/// How sounds are given to a model that learns from them.
public struct HearingSettings: Codable, Sendable, Hashable {
    /// How much of a sound is heard: the rest is cut, what is missing is silence.
    public var seconds = 1.0
    /// The rate that sounds are brought to, frequencies up to half of it being heard; 0 for that of the first.
    public var sampleRate = 0
    /// The bands of a spectrogram.
    public var bandCount = 64
    /// Sounds of a batch.
    public var batchSize = 32
    /// By how many hundredths of a second they are moved at most, in both directions.
    public var shift = 10
    /// The most bands next to each other that are not heard.
    public var maskedBands = 12
    /// The most hundredths of a second next to each other that are not heard.
    public var maskedMoments = 20
    /// How much of each answer is spread over all classes (Szegedy et al. 2016).
    public var smoothing: Float = 0.1

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        guard seconds >= 0.05, seconds <= 60 else {
            throw ConfigurationError("sounds.seconds", expected: "from 0.05 to 60", found: "\(seconds)")
        }
        for (name, value, range) in [
            ("sampleRate", sampleRate, 0...192_000), ("bandCount", bandCount, 4...256),
            ("batchSize", batchSize, 1...1 << 16), ("shift", shift, 0...6000), ("maskedBands", maskedBands, 0...256),
            ("maskedMoments", maskedMoments, 0...6000),
        ] {
            try ConfigurationError.require("sounds." + name, value, in: range)
        }
        guard sampleRate == 0 || sampleRate >= 1000 else {
            throw ConfigurationError("sounds.sampleRate", expected: "0, or at least 1000", found: "\(sampleRate)")
        }
        try ConfigurationError.require("sounds.smoothing", probability: smoothing)
    }

    /// The same with the rate of this sound, where none is said.
    func completed(by sound: Sound) -> HearingSettings {
        var settings = self
        if sampleRate == 0 { settings.sampleRate = sound.sampleRate }
        return settings
    }

    /// How many moments are heard: windows of 25 ms that begin every 10 ms and lie within the sound.
    var frameCount: Int { max(1, Int(seconds * 100) - 2) }
}
