public import AttentionModels

/// Everything that decides how a model of pictures comes out of them: what `--config` and `--set` can change.
public struct ImageSettings<Model: ImageArchitecture>: SettingsDocument, Hashable {
    /// The sizes of the model.
    public var model: Model
    /// How pictures are shown to it.
    public var pictures = PictureSettings()
    /// How it is trained.
    public var training = CourseSettings()

    /// The defaults with this model: some epochs of tens of thousands of small pictures.
    public init(model: Model) {
        self.model = model
        (training.weightDecay, training.beta2, training.validationInterval) = (0.05, 0.999, 500)
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try pictures.validate()
        try training.validate()
    }
}

/// How pictures are shown to a model that learns from them.
public struct PictureSettings: PictureFrameSettings, Codable, Sendable, Hashable {
    /// The rows that pictures are brought to; 0 for those of the first.
    public var height = 0
    /// The columns; 0 for those of the first.
    public var width = 0
    /// Pictures of a batch.
    public var batchSize = 64
    /// Whether half of them are seen in a mirror.
    public var flips = true
    /// By how many pixels they are moved at most, in both directions; what comes in is black.
    public var shift = 2
    /// The least part of a picture's area that is cut out and enlarged; 1 never cuts.
    public var crop: Float = 1
    /// How much of each answer is spread over all classes (Szegedy et al. 2016).
    public var smoothing: Float = 0.1

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value, range) in [
            ("height", height, 0...512), ("width", width, 0...512), ("batchSize", batchSize, 1...1 << 16),
            ("shift", shift, 0...512),
        ] {
            try ConfigurationError.require("pictures." + name, value, in: range)
        }
        try validateFrame()
        try ConfigurationError.require("pictures.smoothing", probability: smoothing)
    }

    /// The size that pictures are brought to; nil for that of the first.
    public var size: ImageSize? { height > 0 ? ImageSize(height: height, width: width) : nil }
}
