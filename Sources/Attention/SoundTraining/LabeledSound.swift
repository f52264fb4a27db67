import AttentionFiles
public import AttentionSignals
public import AttentionTensors
import AttentionTraining

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
            let found = Directory.isDirectory(path) ? try folder(path, onShortage) : try table(path, onShortage)
            guard !found.isEmpty else { throw SoundTrainingError.noSounds(path) }
            sounds += found
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
                sounds.append(try sound(path + "/" + label + "/" + name, label, onShortage))
            }
        }
        return sounds
    }

    private static func table(
        _ path: String, _ onShortage: (String, SoundShortage) -> Void
    ) throws -> [LabeledSound] {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        var sounds: [LabeledSound] = []
        try CorpusFile(reading: path).forEachRow(of: 2...2, "a sound and its class with a tab between them") {
            sounds.append(try sound($0[0].hasPrefix("/") ? $0[0] : path[..<cut] + $0[0], $0[1], onShortage))
        }
        return sounds
    }

    private static func sound(
        _ path: String, _ label: String, _ onShortage: (String, SoundShortage) -> Void
    ) throws(SoundTrainingError) -> LabeledSound {
        do { return LabeledSound(try Sound(contentsOf: path) { onShortage(path, $0) }, label: label) } catch {
            throw .unreadable(path, error)
        }
    }
}
