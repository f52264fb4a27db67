/// Sounds with texts that a model cannot be trained on, or judged by.
public enum SpeechTrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are none at this path.
    case noSounds(String)
    /// Not enough sounds to hold some out.
    case tooFew(Int, holdingOut: Int)
    /// Nothing can be learnt from these, and why.
    case nothingLeft(String, omitted: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noSounds(let path): "speech: expected lines of a file and its text in \(path), found no sound"
        case .tooFew(let count, let held):
            "speech: expected more than \(held) sounds, so many being held out, found \(count); hold fewer out"
        case .nothingLeft(let path, let omitted):
            "speech: expected sounds to learn from in \(path), found none; left out: \(omitted)"
        }
    }
}
