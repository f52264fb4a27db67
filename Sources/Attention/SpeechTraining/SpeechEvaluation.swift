public import AttentionEvaluation

/// How well a model writes down what is said, where that is known.
public struct SpeechEvaluation: Sendable, Hashable {
    /// How many sounds there are.
    public let count: Int
    /// The word error rate.
    public let words: ErrorRate
    /// The character error rate.
    public let characters: ErrorRate

    /// Has sounds written down, one after the other.
    ///
    /// - Parameters:
    ///   - spelling: how both texts, what was said and what was written, are spelt before they are compared.
    ///   - progress: told how many have been heard.
    /// - Throws: `SpeechTrainingError` if there are none; else as `Transcriber.transcribe`.
    public init(
        of transcriber: Transcriber, on sounds: [TranscribedSound], spelling: SpellingSettings = SpellingSettings(),
        progress: (Int) -> Void = { _ in }
    ) throws {
        guard !sounds.isEmpty else { throw SpeechTrainingError.noSounds("the test data") }
        var (words, characters) = (ErrorRate(of: .words), ErrorRate(of: .characters))
        for (index, sound) in sounds.enumerated() {
            let found = spelling.spell(try transcriber.transcribe(sound.sound).text).text
            let wanted = spelling.spell(sound.text).text
            words.add(found, reference: wanted)
            characters.add(found, reference: wanted)
            progress(index + 1)
        }
        (self.words, self.characters, count) = (words, characters, sounds.count)
    }
}
