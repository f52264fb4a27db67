import AttentionFiles
public import AttentionSignals

/// Pictures and boxes that a detector cannot be trained on, or judged by.
public enum DetectionTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are none.
    case noPictures(String)
    /// A file of boxes that is not what it should be.
    case notBoxes(String, expected: String, found: String)
    /// A picture that cannot be read.
    case unreadable(String, SignalError)
    /// Not enough pictures to hold some out.
    case tooFew(Int, holdingOut: Int)
    /// Pictures without anything on them.
    case noObjects
    /// A class that is not learnt.
    case unknownClass(String, known: [String])
    /// Pictures of several sizes.
    case otherSize(expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noPictures(let source): "boxes: expected pictures in \(source), found none"
        case .notBoxes(let path, let expected, let found):
            "boxes: expected \(expected) in \(path), found \(found); write boxes as COCO's instances"
        case .unreadable(let path, let error): if case .file = error { "\(error)" } else { "\(path): \(error)" }
        case .tooFew(let count, let held):
            "boxes: expected more than \(held) pictures, so many being held out, found \(count); hold fewer out"
        case .noObjects: "boxes: expected objects on the pictures to learn from, found none"
        case .unknownClass(let label, let known):
            "boxes: expected objects of the classes \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : ""), found one of \(label)"
        case .otherSize(let expected, let found): "boxes: expected pictures of one size, \(expected), found \(found)"
        }
    }
}
