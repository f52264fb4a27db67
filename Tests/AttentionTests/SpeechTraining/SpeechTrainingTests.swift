import Attention
import AttentionFiles
import Foundation
import Testing

@testable import Attention

/// Models learn to write down what is said.
@Suite struct SpeechTrainingTests {
    /// Words of a language whose letters are tones, each spoken a little shorter or longer every time.
    static func words(_ count: Int, seed: UInt64 = 3) throws -> [TranscribedSound] {
        let pitches: [Character: Float] = ["a": 150, "b": 300, "c": 550]
        let spoken = ["ab", "ba", "abc", "cab", "bb", "c"]
        var generator = RandomKey(seed: seed).generator()
        return try (0..<count).map { index in
            let word = spoken[index % spoken.count]
            var samples = [Float](repeating: 0, count: Int.random(in: 100...200, using: &generator))
            for letter in word {
                let pitch = pitches[letter] ?? 0
                for sample in 0..<Int.random(in: 160...224, using: &generator) {
                    samples.append(0.5 * sin(2 * .pi * pitch * Float(sample) / 1600))
                }
                samples += [Float](repeating: 0, count: 64)
            }
            samples += [Float](repeating: 0, count: 100)
            for index in samples.indices { samples[index] += Float.random(in: -0.01...0.01, using: &generator) }
            return TranscribedSound(try Sound(samples, sampleRate: 1600), text: word)
        }
    }

    static var settings: SpeechSettings {
        var settings = SpeechSettings()
        (settings.model.layerCount, settings.model.headCount, settings.model.dropout) = (1, 2, 0)
        (settings.model.modelSize, settings.model.feedForwardSize) = (32, 64)
        (settings.model.channelCount, settings.model.positionWidth) = (16, 8)
        (settings.sounds.batchSize, settings.sounds.maskedShare) = (12, 0)
        (settings.training.maximumUpdates, settings.training.validationInterval) = (400, 200)
        (settings.training.peakRate, settings.training.warmup, settings.training.weightDecay) = (0.005, 10, 0)
        return settings
    }

    @Test func aModelLearnsToWrite() throws {
        try ImageTrainingTests.withFolder { folder in
            let sounds = try Self.words(24)
            var (prepared, found): (String, [Validation]) = ("", [])
            try SpeechTraining(directory: folder, settings: Self.settings).run(train: sounds, valid: sounds) {
                switch $0 {
                case .prepared(let preparation): prepared = preparation.data
                case .training(.validation(let validation)): found.append(validation)
                case .training: break
                }
            }
            let seconds = sounds.reduce(0) { $0 + $1.sound.sampleCount } / 1600
            #expect(prepared == "24 sounds, \(seconds) seconds, 3 characters")
            let last = try #require(found.last)
            #expect(found.count == 2 && last.loss < 0.2, "\(found)")
            #expect(
                last.metrics["characterAccuracy"] ?? 0 > 0.95 && last.metrics["wordAccuracy"] ?? 0 > 0.9, "\(found)")
            // What listens to one sound after the other writes what was found in batches.
            let judged = try SpeechEvaluation(of: Transcriber(path: folder), on: sounds)
            let best = found.compactMap { $0.metrics["characterAccuracy"] }.max() ?? 0
            #expect(judged.count == 24 && abs(judged.characters.rate - (1 - best)) < 1e-9)
            #expect(judged.words.count == 24)
            let others = try SpeechEvaluation(of: Transcriber(path: folder), on: try Self.words(12, seed: 9))
            #expect(others.characters.rate < 0.3, "\(others)")
            #expect(try CharacterVocabulary(folder: folder).count == 6)
        }
    }

    private struct Stopped: Error {}

    /// A training that was stopped goes on as if it had not been: the same model, bit for bit, dropout and moments that are not heard included.
    @Test func resumingIsExact() throws {
        try ImageTrainingTests.withFolder { folder in
            let sounds = try Self.words(10)
            var settings = Self.settings
            (settings.model.dropout, settings.sounds.maskedShare, settings.sounds.batchSize) = (0.2, 0.3, 4)
            (settings.training.maximumUpdates, settings.training.validationInterval) = (8, 4)
            settings.training.checkpointInterval = 5
            let whole = SpeechTraining(directory: folder + "/whole", settings: settings)
            try whole.run(train: sounds, valid: sounds)
            let parted = SpeechTraining(directory: folder + "/parted", settings: settings)
            #expect(throws: Stopped.self) {
                try parted.run(train: sounds, valid: sounds) {
                    if case .training(.checkpoint(_, 5)) = $0 { throw Stopped() }
                }
            }
            #expect {
                try parted.run(train: Array(sounds.reversed()), valid: sounds, isResumed: true)
            } throws: {
                "\($0)".contains("training data")
            }
            try parted.run(train: sounds, valid: sounds, isResumed: true)
            for file in ["/model.safetensors", "/vocab.json", "/config.json"] {
                #expect(try FileContents.read(whole.directory + file) == FileContents.read(parted.directory + file))
            }
        }
    }

    @Test func whatCannotBeLearntFromIsLeftOutAndCounted() throws {
        var sounds = try Self.words(6)
        sounds[0].text = "AB!"
        sounds[1].text = " -- "
        // Two that are alike need a moment between them, so that these are too many.
        sounds[5].text = String(repeating: "c", count: 20)
        sounds.append(TranscribedSound(try Sound([Float](repeating: 0, count: 3200), sampleRate: 1600), text: "a"))
        sounds.append(TranscribedSound(try Sound([], sampleRate: 1600), text: "a"))
        var settings = Self.settings
        settings.sounds.seconds = 1.5
        var others = try Self.words(2, seed: 8)
        others[0].text = "xba"
        let task = try SpeechTask(train: sounds, valid: others, settings, seed: 1)
        let kept = [0, 2, 3, 4].reduce(0) { $0 + sounds[$1].sound.sampleCount } / 1600
        #expect(
            task.data
                == "4 sounds, \(kept) seconds, 3 characters; left out: 1 sound of more than 1.5 seconds, 2 sounds too short for the text, "
                + "1 sound without a text, 3 characters not kept; left out of those to choose by: 1 character that no text to learn from has"
        )
        #expect(SpokenExamples.momentCount(of: "three") == 6 && SpokenExamples.momentCount(of: "") == 0)
    }

    @Test func textsAreSpeltAsAsked() {
        var settings = SpellingSettings()
        func check(_ text: String, _ spelt: String, _ omittedCount: Int) {
            let found = settings.spell(text)
            #expect(found.text == spelt && found.omittedCount == omittedCount, "\(found)")
        }
        check("  Don't\tSTOP, e\u{301}h – 42!\n", "don't stop éh 42", 3)
        check(" .", "", 1)
        settings.casing = .upper
        check("größer", "GRÖSSER", 0)
        (settings.casing, settings.characters) = (.kept, "abA-")
        check("Aa-B b", "Aa- b", 1)
        // As letter and mark or as one, é is é.
        settings.characters = "e\u{301}"
        check("\u{E9}e\u{301}", "\u{E9}\u{E9}", 0)
        settings.characters = "a|"
        #expect(throws: ConfigurationError.self) { try settings.validate() }
    }

    @Test func stretchesOfMomentsAreNotHeard() throws {
        let masking = MomentMasking(share: 0.3, length: 4)
        var silent = 0
        for index in 0..<200 {
            let heard = try masking([20, 3, 12], key: RandomKey(seed: 5)[index])
            #expect(heard.shape == Shape([3, 20, 1]))
            let rows = (0..<3).map { Array(heard.values[20 * $0..<20 * ($0 + 1)]) }
            #expect(rows[1].allSatisfy { $0 == 1 } && rows[2][12...].allSatisfy { $0 == 1 })
            // Stretches are of four, or longer where they overlap.
            let stretches = rows[0].split(separator: 1)
            #expect(stretches.allSatisfy { $0.count >= 4 && $0.allSatisfy { $0 == 0 } } && stretches.count <= 2)
            silent += rows[0].count { $0 == 0 }
        }
        // One or two stretches, 1.5 on average, of which some overlap.
        #expect(0.25...0.32 ~= Double(silent) / 4000)
        #expect(try MomentMasking(share: 0, length: 1)([9], key: RandomKey(seed: 5)).values.allSatisfy { $0 == 1 })
    }

    @Test func soundsAndTextsLieInTables() throws {
        try ImageTrainingTests.withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/a", withIntermediateDirectories: true)
            let words = try Self.words(2)
            for (index, word) in words.enumerated() { try word.sound.write(to: folder + "/a/\(index).wav") }
            func read(_ text: String) throws -> [TranscribedSound] {
                try Data(text.utf8).write(to: URL(filePath: folder + "/table.tsv"))
                return try TranscribedSound.read([folder + "/table.tsv"])
            }
            let found = try read("a/0.wav\tone word\n\n\(folder)/a/1.wav\ttwo\n")
            #expect(found.map(\.text) == ["one word", "two"])
            #expect(found.map(\.sound.sampleCount) == words.map(\.sound.sampleCount))
            func complaint(_ text: String) throws -> String {
                do {
                    _ = try read(text)
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(
                try complaint("a/0.wav\tone\na/1.wav\n").contains(
                    "/table.tsv: line 2: expected a sound and its text with a tab between them, found one column"))
            #expect(try complaint("a/0.wav\t \n").contains("found nothing in column 2"))
            #expect(try complaint("a/9.wav\tone\n").contains("a/9.wav"))
            #expect(try complaint("\n").hasSuffix("table.tsv, found no sound"))
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        try ImageTrainingTests.withFolder { folder in
            let words = try Self.words(4)
            func complaint(
                _ train: [TranscribedSound], _ valid: [TranscribedSound],
                _ change: (inout SpeechSettings) -> Void = { _ in }
            ) -> String {
                var settings = Self.settings
                change(&settings)
                do {
                    try SpeechTraining(directory: folder, settings: settings).run(train: train, valid: valid)
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(
                complaint([], words)
                    == "speech: expected lines of a file and its text in the training data, found no sound")
            #expect(complaint(words, []).contains("the validation data"))
            #expect(
                complaint(words, words) { $0.sounds.seconds = 0.05 }
                    == "speech: expected sounds to learn from in the training data, found none; left out: 4 sounds of more than 0.05 seconds"
            )
            #expect(complaint(words, words) { $0.sounds.seconds = .nan }.contains("sounds.seconds"))
            #expect(complaint(words, words) { $0.sounds.sampleRate = 999 }.contains("sounds.sampleRate"))
            #expect(complaint(words, words) { $0.sounds.maskedShare = 1 }.contains("sounds.maskedShare"))
            #expect(complaint(words, words) { $0.model.modelSize = 15 }.contains("a multiple of 2 heads"))
            #expect(complaint(words, words) { $0.model.channelCount = 0 }.contains("model.channelCount"))
            #expect {
                try TranscribedSound.parted(words, holdingOut: 4, key: .blank)
            } throws: {
                "\($0)" == "speech: expected more than 4 sounds, so many being held out, found 4; hold fewer out"
            }
            #expect(throws: SpeechTrainingError.noSounds("the test data")) {
                _ = try SpeechEvaluation(of: Transcriber(path: Self.tinyFolder(in: folder)), on: [])
            }
        }
    }

    /// A model that has learnt for one update.
    private static func tinyFolder(in folder: String) throws -> String {
        var settings = Self.settings
        (settings.training.maximumUpdates, settings.training.validationInterval) = (1, 1)
        let training = SpeechTraining(directory: folder + "/tiny", settings: settings)
        try training.run(train: Self.words(4), valid: Self.words(4))
        return training.directory
    }
}
