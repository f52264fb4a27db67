import AttentionFiles
public import AttentionModels
import AttentionSignals

/// Everything that decides how a model that writes down what is said comes out of sounds and texts: what `--config` and `--set` can change.
public struct SpeechSettings: SettingsDocument, Hashable {
    /// The sizes of the model.
    public var model = Wav2Vec2.Sizes()
    /// How sounds are given to it.
    public var sounds = ListeningSettings()
    /// How texts are spelt that it learns to write.
    public var texts = SpellingSettings()
    /// How it is trained.
    public var training = CourseSettings()

    /// The defaults: for some thousands of words, one or a few in a sound.
    public init() {
        (training.weightDecay, training.beta2, training.validationInterval) = (0.05, 0.999, 200)
        (training.maximumUpdates, training.warmup) = (3000, 200)
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try sounds.validate()
        try texts.validate()
        try training.validate()
    }
}

/// How sounds are given to a model that learns to write down what is said in them.
public struct ListeningSettings: Codable, Sendable, Hashable {
    /// How long a sound may be; longer ones are left out.
    public var seconds = 20.0
    /// The rate that sounds are brought to, frequencies up to half of it being heard; 0 for that of the first.
    public var sampleRate = 0
    /// Sounds of a batch.
    public var batchSize = 32
    /// What share of the moments is not heard, as far as stretches do not overlap.
    public var maskedShare: Float = 0.1
    /// How many moments next to each other are not heard.
    public var maskedLength = 5

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        guard seconds >= 0.05, seconds <= 600 else {
            throw ConfigurationError("sounds.seconds", expected: "from 0.05 to 600", found: "\(seconds)")
        }
        for (name, value, range) in [
            ("sampleRate", sampleRate, 0...192_000), ("batchSize", batchSize, 1...1 << 16),
            ("maskedLength", maskedLength, 1...1000),
        ] {
            try ConfigurationError.require("sounds." + name, value, in: range)
        }
        guard sampleRate == 0 || sampleRate >= 1000 else {
            throw ConfigurationError("sounds.sampleRate", expected: "0, or at least 1000", found: "\(sampleRate)")
        }
        try ConfigurationError.require("sounds.maskedShare", probability: maskedShare)
    }

    /// The same with the rate of this sound, where none is said.
    func completed(by sound: Sound) -> ListeningSettings {
        var settings = self
        if sampleRate == 0 { settings.sampleRate = sound.sampleRate }
        return settings
    }

    /// What makes of a sound samples of mean 0 and variance 1, as transformers' `preprocessor_config.json` says it.
    var processor: [UInt8] {
        let members = [
            JSONMember("feature_extractor_type", "Wav2Vec2FeatureExtractor"), JSONMember("do_normalize", true),
            JSONMember("feature_size", 1), JSONMember("sampling_rate", .number(JSONNumber(sampleRate))),
            JSONMember("padding_side", "right"), JSONMember("padding_value", 0),
            // Which samples are real must be said, since norms are of every moment by itself and padding would be heard.
            JSONMember("return_attention_mask", true),
        ]
        return JSONWriter.write(.object(members), as: .configuration) + [UInt8(ascii: "\n")]
    }
}
