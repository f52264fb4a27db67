import AttentionModels
import AttentionSignals
import AttentionText
import AttentionTraining

/// A sound as a model hears it, and what it is to write.
struct SpokenExample: TrainingExample {
    let samples: [Float]
    /// How many moments the model makes of them.
    let momentCount: Int
    let text: String
    /// The ids of its characters.
    let characters: [Int]

    var length: ExampleLength { ExampleLength(samples.count) }
}

/// What can be learnt from sounds and their texts, and what of them is left out.
struct SpokenExamples {
    private(set) var examples: [SpokenExample] = []
    private(set) var omission: Omission

    /// How much is left out, and why.
    struct Omission: CustomStringConvertible {
        /// Sounds longer than they may be.
        var tooLong = 0
        /// Sounds of fewer moments than their text needs.
        var tooShort = 0
        /// Sounds of whose text nothing is left.
        var withoutText = 0
        /// Characters that are not kept.
        var characters = 0
        /// Characters that no text to learn from has.
        var unknown = 0
        /// How long a sound may be.
        let seconds: Double

        var isEmpty: Bool { tooLong + tooShort + withoutText + characters + unknown == 0 }

        var description: String {
            let parts: [(count: Int, noun: String, reason: String)] = [
                (tooLong, "sound", "of more than \(seconds) seconds"), (tooShort, "sound", "too short for the text"),
                (withoutText, "sound", "without a text"), (characters, "character", "not kept"),
                (unknown, "character", "that no text to learn from has"),
            ]
            return parts.filter { $0.count > 0 }
                .map { "\($0.count) \($0.noun)\($0.count == 1 ? "" : "s") \($0.reason)" }.joined(separator: ", ")
        }
    }

    /// What can be learnt from these.
    /// - Parameters:
    ///   - vocabulary: the characters that a model may write.
    ///   - processor: what is done with a sound before it is heard.
    ///   - features: what makes moments of samples.
    init(
        _ sounds: [TranscribedSound], _ settings: SpeechSettings, vocabulary: CharacterVocabulary,
        processor: AudioProcessor, features: WaveformFeatures
    ) throws(SignalError) {
        omission = Omission(seconds: settings.sounds.seconds)
        for sound in sounds {
            let (text, omittedCount) = settings.texts.spell(sound.text)
            omission.characters += omittedCount
            guard !text.isEmpty else {
                omission.withoutText += 1
                continue
            }
            guard sound.sound.duration <= settings.sounds.seconds else {
                omission.tooLong += 1
                continue
            }
            guard case .samples(let samples) = try processor(sound.sound) else {
                preconditionFailure("a processor of samples makes samples")
            }
            let momentCount = features.momentCount(sampleCount: samples.count)
            guard momentCount >= max(1, Self.momentCount(of: text)) else {
                omission.tooShort += 1
                continue
            }
            let characters = vocabulary.encode(text)
            omission.unknown += text.unicodeScalars.count - characters.count
            examples.append(
                SpokenExample(samples: samples, momentCount: momentCount, text: text, characters: characters))
        }
    }

    /// The fewest moments that can say a text: one for each character, and one between two that are alike (Graves et al. 2006, sec. 3.1).
    static func momentCount(of text: String) -> Int {
        let scalars = text.unicodeScalars
        return scalars.count + zip(scalars, scalars.dropFirst()).count { $0 == $1 }
    }
}
