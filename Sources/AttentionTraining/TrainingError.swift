/// A training cannot go on, or not from here.
public enum TrainingError: Error, Sendable, Hashable {
    /// A setting is outside its range.
    case setting(String, expected: String, found: String)
    /// The pattern of a group of parameters matches none; a name that there is.
    case unmatchedPattern(String, example: String?)
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
    /// A checkpoint was made with other settings or data, each named with what is there and what was.
    case otherTraining(path: String, differences: [Difference])
    /// Processes that train together are not about to do the same.
    case otherRanks([RankDifference])
    /// A line of a log, counted from 1, is not an event.
    case damagedLog(path: String, line: Int)

    /// Something that a training and its checkpoint disagree about.
    public struct Difference: Sendable, Hashable {
        /// What: a setting, the data, the tokenizer.
        public let name: String
        /// What it is now; nil if there is no such thing.
        public let found: String?
        /// What the checkpoint was made with; nil if there was no such thing.
        public let expected: String?

        var description: String { "\(name) \(found ?? "absent") instead of \(expected ?? "absent")" }
    }

    /// Something that two ranks disagree about.
    public struct RankDifference: Sendable, Hashable {
        /// What: a setting, the data, the program.
        public let name: String
        /// What rank 0 has; nil if there is no such thing.
        public let first: String?
        /// The other rank.
        public let rank: Int
        /// What that one has; nil if there is no such thing.
        public let other: String?

        var description: String { "\(name) \(first ?? "absent") on rank 0 and \(other ?? "absent") on rank \(rank)" }
    }
}

extension TrainingError: CustomStringConvertible {
    /// One sentence: what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .setting(let name, let expected, let found):
            "train: expected \(name) \(expected), found \(found)"
        case .unmatchedPattern(let pattern, let example):
            "train: expected parameters whose names match \(pattern), found none"
                + (example.map { "; write names as the model does, for example \($0)" } ?? "")
        case .noBatches(let epoch):
            "train: expected at least one batch in epoch \(epoch), found none; check the data and the length limit"
        case .notFinite(let quantity, let update):
            "train: expected a finite \(quantity) in update \(update), found none; "
                + "lower the learning rate, lengthen the warm-up or clip gradients"
        case .missingMetric(let name, let found):
            "train: expected validation to report \(name), "
                + "found \(found.isEmpty ? "only the loss" : found.joined(separator: ", ")); "
                + "choose the best model by what is reported, or report \(name)"
        case .checkpointExists(let path):
            "train: expected a directory without a checkpoint, found \(path); resume it or choose another directory"
        case .unfitCheckpoint(let path, let expected, let found):
            "resume: expected \(expected) in \(path), found \(found); "
                + "resume with what it was made with, or start a new training in another directory"
        case .otherTraining(let path, let differences):
            "resume: expected what \(path) was made with, found "
                + differences.map(\.description).joined(separator: ", ")
                + "; resume with what it was made with, or start a new training in another directory"
        case .otherRanks(let differences):
            "train: expected all ranks to do the same, found " + differences.map(\.description).joined(separator: ", ")
                + "; start the same program with the same data and settings everywhere"
        case .damagedLog(let path, let line):
            "train: expected an event of a training in line \(line) of \(path), found something else; "
                + "remove that line, or move the file away"
        }
    }
}
