public import AttentionSignals

/// Sounds that a model cannot be trained on, or judged by.
public enum SoundTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are none at this path.
    case noSounds(String)
    /// A file cannot be read.
    case unreadable(String, SignalError)
    /// Not enough sounds to hold some out.
    case tooFew(Int, holdingOut: Int)
    /// All sounds to learn from are of one class.
    case oneClass(String)
    /// A class that is not learnt.
    case unknownClass(String, known: [String])

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noSounds(let path):
            "sounds: expected folders named after classes in \(path), with WAV or FLAC files in them, or lines of a file and its class, found no sound"
        case .unreadable(let path, let error):
            if case .file = error { "\(error)" } else { "\(path): \(error)" }
        case .tooFew(let count, let held):
            "sounds: expected more than \(held) sounds, so many being held out, found \(count); hold fewer out"
        case .oneClass(let label): "sounds: expected sounds of two classes or more, found \(label) alone"
        case .unknownClass(let label, let known):
            "sounds: expected sounds of the classes \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : ""), found one of \(label)"
        }
    }
}
