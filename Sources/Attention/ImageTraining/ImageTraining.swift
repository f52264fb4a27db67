public import AttentionModels
import AttentionTensors
public import AttentionTraining

/// Trains a model on pictures of classes, and leaves a folder that `ImageLabeler` reads; that of a vision transformer the reference reads, too.
///
/// ```swift
/// let training = ImageTraining(directory: "fashion", settings: ImageSettings(model: CCT.Sizes()))
/// let pictures = try LabeledPicture.read(["train-images-idx3-ubyte.gz"])
/// let parts = try LabeledPicture.parted(pictures, holdingOut: 5000, key: RandomKey(seed: 1))
/// try training.run(train: parts.train, valid: parts.valid)
/// ```
///
/// Pictures become red, green and blue, whatever they were; each time that one is learnt from it is cut, mirrored and moved as the settings say. The
/// model that is kept is the one that validation found right most often. The folder also holds what it was made with: `settings.json`, `log.jsonl`,
/// `learning-curve.svg`, and while training is unfinished `training/` with its checkpoint.
public struct ImageTraining<Architecture: ImageArchitecture>: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: ImageSettings<Architecture>
    /// What all randomness follows from.
    public var seed: UInt64

    /// A training that leaves its model in this folder.
    public init(directory: String, settings: ImageSettings<Architecture>, seed: UInt64 = 1) {
        (self.directory, self.settings, self.seed) = (directory, settings, seed)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: pictures to learn from, of one size; their classes are those that there are.
    ///   - valid: pictures to choose the best model by.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the pictures, the settings, or the disk.
    @discardableResult public func run(
        train: [LabeledPicture], valid: [LabeledPicture], isResumed: Bool = false, record: String? = nil,
        observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        return try Course.folder(directory).hold(isResumed: isResumed) {
            let task = try ImageTask(settings.model, train: train, valid: valid, settings.pictures, seed: seed)
            let course = Course(
                directory: directory, settings: settings.training, seed: seed, identity: Course.identity(of: settings),
                record: try record ?? settings.json())
            return try course.run(task, isResumed: isResumed, observer)
        }
    }
}
