import AttentionFiles
public import AttentionSignals
public import AttentionTensors

/// A sound and the class that it is of.
public struct LabeledSound: Sendable, Hashable {
    /// The sound.
    public var sound: Sound
    /// What the class is called.
    public var label: String

    /// A sound of this class.
    public init(_ sound: Sound, label: String) { (self.sound, self.label) = (sound, label) }
}

extension LabeledSound {
    /// Reads sounds, one after the other.
    ///
    /// A path is a folder of folders, each named after the class of the WAV and FLAC files in it; or a table, compressed or not, of lines `file TAB class`, where files
    /// are looked for from the table's folder.
    /// - Parameter onShortage: told of each file that is cut short, with its path.
    /// - Throws: `SoundTrainingError`, `CorpusError` or `FineTuningError` naming the file and what is wrong with it.
    public static func read(
        _ paths: [String], onShortage: (_ path: String, SoundShortage) -> Void = { _, _ in }
    ) throws -> [LabeledSound] {
        var sounds: [LabeledSound] = []
        for path in paths {
            let count = sounds.count
            if Directory.isDirectory(path) {
                sounds += try folder(path, onShortage)
            } else {
                try Sound.read(table: path, expected: "a sound and its class with a tab between them", onShortage) {
                    sounds.append(LabeledSound($0, label: $1))
                }
            }
            guard sounds.count > count else { throw SoundTrainingError.noSounds(path) }
        }
        return sounds
    }

    /// These sounds in two parts: those to learn from, and so many to choose by, drawn with a key.
    /// - Throws: `SoundTrainingError.tooFew` unless there are more.
    public static func parted(
        _ sounds: [LabeledSound], holdingOut count: Int, key: RandomKey
    ) throws(SoundTrainingError) -> (train: [LabeledSound], valid: [LabeledSound]) {
        guard let (train, valid) = sounds.parted(holdingOut: count, key: key) else {
            throw .tooFew(sounds.count, holdingOut: count)
        }
        return (train, valid)
    }

    private static func folder(
        _ path: String, _ onShortage: (String, SoundShortage) -> Void
    ) throws -> [LabeledSound] {
        var sounds: [LabeledSound] = []
        for label in try Directory.names(in: path)
        where !label.hasPrefix(".") && Directory.isDirectory(path + "/" + label) {
            for name in try Directory.names(in: path + "/" + label) where Sound.isNamed(name) {
                let file = path + "/" + label + "/" + name
                sounds.append(LabeledSound(try Sound(file: file, onShortage), label: label))
            }
        }
        return sounds
    }
}
