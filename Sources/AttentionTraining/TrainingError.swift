/// A training cannot go on, or not from here.
public enum TrainingError: Error, Sendable, Hashable {
    /// A setting is outside its range.
    case setting(String, expected: String, found: String)
    /// An epoch has no batches.
    case noBatches(epoch: Int)
    /// A loss or gradient is not a finite number.
    case notFinite(quantity: String, update: Int)
    /// Validation does not report the metric that chooses the best models.
    case missingMetric(String, found: [String])
    /// A new training would overwrite an old one.
    case checkpointExists(path: String)
    /// A file is not a checkpoint of this training.
    case unfitCheckpoint(path: String, expected: String, found: String)
}

extension TrainingError: CustomStringConvertible {
    /// One sentence: what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .setting(let name, let expected, let found):
            "train: expected \(name) \(expected), found \(found)"
        case .noBatches(let epoch):
            "train: expected at least one batch in epoch \(epoch), found none; check the data and the length limit"
        case .notFinite(let quantity, let update):
            "train: expected a finite \(quantity) in update \(update), found none; "
                + "lower the learning rate, lengthen the warm-up or clip gradients"
        case .missingMetric(let name, let found):
            "train: expected validation to report \(name), "
                + "found \(found.isEmpty ? "only the loss" : found.joined(separator: ", "))"
        case .checkpointExists(let path):
            "train: expected a directory without a checkpoint, found \(path); resume it or choose another directory"
        case .unfitCheckpoint(let path, let expected, let found):
            "resume: expected \(expected) in \(path), found \(found)"
        }
    }
}
