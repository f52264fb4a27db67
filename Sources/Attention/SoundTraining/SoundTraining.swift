import AttentionModels
public import AttentionTraining

/// Trains an audio spectrogram transformer on sounds of classes, and leaves a folder that `SoundLabeler` and the reference read.
///
/// ```swift
/// let training = SoundTraining(directory: "digits")
/// let sounds = try LabeledSound.read(["recordings"])
/// let parts = try LabeledSound.parted(sounds, holdingOut: 180, key: RandomKey(seed: 1))
/// try training.run(train: parts.train, valid: parts.valid)
/// ```
///
/// Each time that a sound is learnt from it is moved in time, and some bands and moments of it are not heard, as the settings say. The model that is kept is the
/// one that validation found right most often. The folder also holds what it was made with: `settings.json`, `log.jsonl`, `learning-curve.svg`, and while
/// training is unfinished `training/` with its checkpoint.
public struct SoundTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: SoundSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// A training that leaves its model in this folder.
    public init(directory: String, settings: SoundSettings = SoundSettings(), seed: UInt64 = 1) {
        (self.directory, self.settings, self.seed) = (directory, settings, seed)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: sounds to learn from; their classes are those that there are.
    ///   - valid: sounds to choose the best model by.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the sounds, the settings, or the disk.
    @discardableResult public func run(
        train: [LabeledSound], valid: [LabeledSound], isResumed: Bool = false, record: String? = nil,
        observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        return try Course.folder(directory).hold(isResumed: isResumed) {
            let task = try SoundTask(train: train, valid: valid, settings, seed: seed)
            let course = Course(
                directory: directory, settings: settings.training, seed: seed, identity: Course.identity(of: settings),
                record: try record ?? settings.json())
            return try course.run(task, isResumed: isResumed, observer)
        }
    }
}
