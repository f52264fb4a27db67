public import AttentionSignals
public import AttentionTensors

/// A sound and what is said in it.
public struct TranscribedSound: Sendable, Hashable {
    /// The sound.
    public var sound: Sound
    /// What is said.
    public var text: String

    /// A sound in which this is said.
    public init(_ sound: Sound, text: String) { (self.sound, self.text) = (sound, text) }
}

extension TranscribedSound {
    /// Reads tables one after the other, compressed or not, of lines `file TAB text`, where WAV and FLAC files are looked for from the table's folder.
    /// - Parameter onShortage: told of each file that is cut short, with its path.
    /// - Throws: `CorpusError` or `FineTuningError` naming the table and the line, `SoundTrainingError` the file that cannot be read, `SpeechTrainingError` a table
    ///   without a sound.
    public static func read(
        _ paths: [String], onShortage: (_ path: String, SoundShortage) -> Void = { _, _ in }
    ) throws -> [TranscribedSound] {
        var sounds: [TranscribedSound] = []
        for path in paths {
            let count = sounds.count
            try Sound.read(table: path, expected: "a sound and its text with a tab between them", onShortage) {
                sounds.append(TranscribedSound($0, text: $1))
            }
            guard sounds.count > count else { throw SpeechTrainingError.noSounds(path) }
        }
        return sounds
    }

    /// These sounds in two parts: those to learn from, and so many to choose by, drawn with a key.
    /// - Throws: `SpeechTrainingError.tooFew` unless there are more.
    public static func parted(
        _ sounds: [TranscribedSound], holdingOut count: Int, key: RandomKey
    ) throws(SpeechTrainingError) -> (train: [TranscribedSound], valid: [TranscribedSound]) {
        guard let (train, valid) = sounds.parted(holdingOut: count, key: key) else {
            throw .tooFew(sounds.count, holdingOut: count)
        }
        return (train, valid)
    }
}
