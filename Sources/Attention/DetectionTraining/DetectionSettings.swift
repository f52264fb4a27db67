public import AttentionModels

/// Everything that decides how a detector comes out of pictures and boxes: what `--config` and `--set` can change.
public struct DetectionSettings: SettingsDocument, Hashable {
    /// The sizes of the model.
    public var model = PlaceDETR.Sizes()
    /// How pictures are shown to it.
    public var pictures = BoxedPictureSettings()
    /// How it is trained.
    public var training = CourseSettings()

    /// The defaults: some two hundred epochs of a few hundred small pictures.
    public init() {
        (training.weightDecay, training.beta2, training.warmup) = (0.05, 0.999, 200)
    }

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        try model.validate()
        try pictures.validate()
        try training.validate()
    }
}

/// How pictures with objects on them are shown to a model that learns from them.
public struct BoxedPictureSettings: PictureFrameSettings, Codable, Sendable, Hashable {
    /// The rows that pictures are brought to; 0 for those of the first.
    public var height = 0
    /// The columns; 0 for those of the first.
    public var width = 0
    /// Pictures of a batch.
    public var batchSize = 8
    /// Whether half of them are seen in a mirror.
    public var mirrors = true
    /// Whether half of them are turned upside down.
    public var flips = false
    /// The least part of a picture's area that is cut out and enlarged; 1 never cuts.
    public var crop: Float = 0.5

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        for (name, value, range) in [
            ("height", height, 0...1024), ("width", width, 0...1024), ("batchSize", batchSize, 1...1 << 12),
        ] {
            try ConfigurationError.require("pictures." + name, value, in: range)
        }
        try validateFrame()
    }

    /// What pictures are brought to.
    public var scale: PictureScale { height > 0 ? .size(ImageSize(height: height, width: width)) : .first }
}
