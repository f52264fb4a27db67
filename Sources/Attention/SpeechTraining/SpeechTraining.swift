import AttentionModels
public import AttentionTraining

/// Trains a small wav2vec 2.0 to write down what is said, from nothing, and leaves a folder that `Transcriber` and the reference read.
///
/// ```swift
/// let training = SpeechTraining(directory: "digits")
/// let sounds = try TranscribedSound.read(["recordings.tsv"])
/// let parts = try TranscribedSound.parted(sounds, holdingOut: 180, key: RandomKey(seed: 1))
/// try training.run(train: parts.train, valid: parts.valid)
/// ```
///
/// Nobody has to say when which character is spoken: the loss is that of all ways to place them (connectionist temporal classification, Graves et al. 2006). Each time that a
/// sound is learnt from, some moments of it are not heard, as the settings say. The model that is kept is the one whose character error rate was lowest in validation. The
/// folder also holds what it was made with: `settings.json`, `log.jsonl`, `learning-curve.svg`, and while training is unfinished `training/` with its checkpoint.
public struct SpeechTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: SpeechSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// A training that leaves its model in this folder.
    public init(directory: String, settings: SpeechSettings = SpeechSettings(), seed: UInt64 = 1) {
        (self.directory, self.settings, self.seed) = (directory, settings, seed)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: sounds to learn from; the characters of their texts are those that can be written.
    ///   - valid: sounds to choose the best model by.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the sounds, the settings, or the disk.
    @discardableResult public func run(
        train: [TranscribedSound], valid: [TranscribedSound], isResumed: Bool = false, record: String? = nil,
        observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        return try Course.folder(directory).hold(isResumed: isResumed) {
            let task = try SpeechTask(train: train, valid: valid, settings, seed: seed)
            let course = Course(
                directory: directory, settings: settings.training, seed: seed, identity: Course.identity(of: settings),
                record: try record ?? settings.json())
            return try course.run(task, isResumed: isResumed, observer)
        }
    }
}
