public import AttentionSignals

/// Pictures that a model cannot be trained on, or judged by.
public enum ImageTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are none at this path.
    case noPictures(String)
    /// A file cannot be read.
    case unreadable(String, SignalError)
    /// An IDX file that holds something else.
    case notPictures(String, found: [Int])
    /// The labels do not fit the pictures.
    case otherLabels(String, expected: Int, found: [Int])
    /// A class that has no name.
    case unnamed(Int, file: String, count: Int)
    /// Not enough pictures to hold some out.
    case tooFew(Int, holdingOut: Int)
    /// All pictures to learn from are of one class.
    case oneClass(String)
    /// A class that is not learnt.
    case unknownClass(String, known: [String])
    /// Pictures of several sizes.
    case otherSize(expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noPictures(let path):
            "images: expected folders named after classes in \(path), with PNG, JPEG, PGM or PPM files in them, or an IDX file of pictures, found "
                + "no picture"
        case .unreadable(let path, let error):
            if case .file = error { "\(error)" } else { "\(path): \(error)" }
        case .notPictures(let path, let shape):
            "images: expected bytes [count, height, width] or [count, height, width, 3] in \(path), found \(shape)"
        case .otherLabels(let path, let expected, let found):
            "images: expected \(expected) labels in \(path), one for each picture, found the sizes \(found)"
        case .unnamed(let label, let file, let count):
            "images: expected labels below \(count), which have names, in \(file), found \(label); name more classes, or none"
        case .tooFew(let count, let held):
            "images: expected more than \(held) pictures, so many being held out, found \(count); hold fewer out"
        case .oneClass(let label): "images: expected pictures of two classes or more, found \(label) alone"
        case .unknownClass(let label, let known):
            "images: expected pictures of the classes \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : ""), found one of \(label)"
        case .otherSize(let expected, let found): "images: expected pictures of one size, \(expected), found \(found)"
        }
    }
}
