import AttentionTensors
public import AttentionTraining

/// Trains a detector on pictures and boxes, and leaves a folder that `Detector` reads.
///
/// ```swift
/// let training = DetectionTraining(directory: "cells", settings: DetectionSettings())
/// let pictures = try BoxedPicture.read(["instances.json"], scale: .first)
/// let parts = try BoxedPicture.parted(pictures, holdingOut: 50, key: RandomKey(seed: 1))
/// try training.run(train: parts.train, valid: parts.valid)
/// ```
///
/// Pictures become red, green and blue, whatever they were; each time that one is learnt from it is cut, mirrored and turned as the settings say, and its
/// boxes with it. The model that is kept is the one with the highest mean average precision in validation. The folder also holds what it was made with:
/// `settings.json`, `log.jsonl`, `learning-curve.svg`, and while training is unfinished `training/` with its checkpoint.
public struct DetectionTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the model is made and trained.
    public var settings: DetectionSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// A training that leaves its model in this folder.
    public init(directory: String, settings: DetectionSettings, seed: UInt64 = 1) {
        (self.directory, self.settings, self.seed) = (directory, settings, seed)
    }

    /// Trains until its end or a signal; at its end writes the model.
    ///
    /// - Parameters:
    ///   - train: pictures to learn from, of one size; the classes of their objects are those that there are.
    ///   - valid: pictures to choose the best model by.
    ///   - isResumed: continue from the folder's checkpoint.
    ///   - record: what the run was asked for, kept as `settings.json`; nil keeps the settings.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the pictures, the settings, or the disk.
    @discardableResult public func run(
        train: [BoxedPicture], valid: [BoxedPicture], isResumed: Bool = false, record: String? = nil,
        observer: (CourseReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        try settings.validate()
        return try Course.folder(directory).hold(isResumed: isResumed) {
            let task = try DetectionTask(train: train, valid: valid, settings, seed: seed)
            let course = Course(
                directory: directory, settings: settings.training, seed: seed, identity: Course.identity(of: settings),
                record: try record ?? settings.json())
            return try course.run(task, isResumed: isResumed, observer)
        }
    }
}
