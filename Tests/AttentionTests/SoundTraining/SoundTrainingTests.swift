import Attention
import AttentionFiles
import Foundation
import Testing

@testable import Attention

/// Models learn from sounds which class they are of.
@Suite struct SoundTrainingTests {
    /// Whistles that rise or fall, each of another pitch, length and loudness, with a little noise.
    static func whistles(_ count: Int, seed: UInt64 = 7) throws -> [LabeledSound] {
        var generator = RandomKey(seed: seed).generator()
        return try (0..<count).map { index in
            let (low, length) = (
                Float.random(in: 400...900, using: &generator), Int.random(in: 1600...3200, using: &generator)
            )
            let loudness = Float.random(in: 0.2...0.8, using: &generator)
            var phase: Float = 0
            let samples = (0..<length).map { sample -> Float in
                let part = Float(sample) / Float(length)
                phase += 2 * .pi * low * (1 + 2 * (index % 2 == 0 ? part : 1 - part)) / 8000
                return loudness * sin(phase) + Float.random(in: -0.01...0.01, using: &generator)
            }
            return LabeledSound(try Sound(samples, sampleRate: 8000), label: index % 2 == 0 ? "rising" : "falling")
        }
    }

    private static var settings: SoundSettings {
        var settings = SoundSettings()
        (settings.model.layerCount, settings.model.headCount, settings.model.dropout) = (1, 2, 0)
        (settings.model.modelSize, settings.model.feedForwardSize) = (16, 32)
        (settings.model.patchSize, settings.model.stride) = (8, 8)
        (settings.sounds.seconds, settings.sounds.sampleRate, settings.sounds.bandCount) = (0.4, 8000, 24)
        (settings.sounds.batchSize, settings.sounds.shift, settings.sounds.smoothing) = (8, 2, 0)
        (settings.sounds.maskedBands, settings.sounds.maskedMoments) = (2, 4)
        (settings.training.maximumUpdates, settings.training.validationInterval) = (160, 80)
        (settings.training.peakRate, settings.training.warmup) = (0.01, 5)
        return settings
    }

    @Test func aModelLearnsToHear() throws {
        try ImageTrainingTests.withFolder { folder in
            let (train, valid) = try LabeledSound.parted(
                try Self.whistles(80), holdingOut: 24, key: RandomKey(seed: 1))
            #expect(train.count == 56 && valid.count == 24)
            var (prepared, found): (String, [Double]) = ("", [])
            try SoundTraining(directory: folder, settings: Self.settings).run(train: train, valid: valid) {
                switch $0 {
                case .prepared(let preparation): prepared = preparation.data
                case .training(.validation(let validation)): found.append(validation.metrics["accuracy"] ?? 0)
                case .training: break
                }
            }
            #expect(prepared == "56 sounds of 2 classes, 38 moments of 24 bands")
            #expect(found.count == 2 && found.max() ?? 0 > 0.9, "\(found)")
            let labeler = try SoundLabeler(path: folder)
            #expect(labeler.labels == ["falling", "rising"])
            let judged = try ClassEvaluation(of: labeler, on: valid)
            #expect(judged.count == 24 && abs(judged.accuracy - (found.max() ?? 0)) < 1e-9)
            var run = TaskRun(observing: .all)
            _ = try labeler.label(valid[0].sound, in: &run)
            #expect(run.attentions.count == 1)
        }
    }

    @Test func whatIsNotHeardIsSilentOrAverage() {
        var settings = HearingSettings()
        (settings.shift, settings.maskedBands, settings.maskedMoments) = (0, 0, 0)
        let values = (1...60).map(Float.init)
        let none = SpectrogramAugmentation(settings: settings, silence: -9)
        #expect(none(values, bandCount: 6, key: RandomKey(seed: 1)) == values)
        settings.shift = 3
        let moved = SpectrogramAugmentation(settings: settings, silence: -9)
        let allMoved = Set((0..<200).map { moved(values, bandCount: 6, key: RandomKey(seed: 2)[$0]) })
        let wanted = (-3...3).map { shift -> [Float] in
            var made = [Float](repeating: -9, count: 60)
            for frame in 0..<10 where 0..<10 ~= frame - shift {
                for band in 0..<6 { made[frame * 6 + band] = values[(frame - shift) * 6 + band] }
            }
            return made
        }
        #expect(allMoved == Set(wanted))
        (settings.shift, settings.maskedBands, settings.maskedMoments) = (0, 2, 4)
        let masked = SpectrogramAugmentation(settings: settings, silence: -9)
        for index in 0..<100 {
            let made = masked(values, bandCount: 6, key: RandomKey(seed: 3)[index])
            let frames = (0..<10).filter { frame in (0..<6).allSatisfy { made[frame * 6 + $0] == 0 } }
            let bands = (0..<6).filter { band in (0..<10).allSatisfy { made[$0 * 6 + band] == 0 } }
            #expect(frames.count <= 4 && bands.count <= 2)
            for (place, (new, old)) in zip(made, values).enumerated() {
                let isMasked = frames.contains(place / 6) || bands.contains(place % 6)
                #expect(new == (isMasked ? 0 : old))
            }
        }
    }

    /// What the model hears of the sounds that the statistics are of has mean 0 and deviation ½, where there is sound.
    @Test func statisticsAreThoseOfAllMoments() throws {
        let sounds = try Self.whistles(6).map(\.sound)
        var hearing = HearingSettings()
        (hearing.seconds, hearing.sampleRate, hearing.bandCount) = (0.4, 8000, 24)
        let processor = try AudioProcessor(
            configuration: SoundStatistics(sounds, heard: hearing).processor(heard: hearing))
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for sound in sounds {
            guard case .spectrogram(let spectrogram) = try processor(sound) else { return #expect(Bool(false)) }
            #expect(spectrogram.frameCount == 38 && spectrogram.bandCount == 24)
            for value in spectrogram.values.prefix((sound.sampleCount / 80 - 2) * 24) {
                count += 1
                sum += Double(value)
                squares += Double(value * value)
            }
        }
        #expect(abs(sum / count) < 0.05 && abs((squares / count).squareRoot() - 0.5) < 0.05)
    }

    @Test func soundsLieInFoldersOrTables() throws {
        try ImageTrainingTests.withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/a/up", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder + "/a/down", withIntermediateDirectories: true)
            let whistles = try Self.whistles(3)
            for (whistle, name) in zip(whistles, ["up/1.wav", "down/2.WAV", "up/3.wav"]) {
                try whistle.sound.write(to: folder + "/a/" + name)
            }
            let tests = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
            let flac = tests + "/AttentionSignalsTests/Fixtures/flac/constant.flac"
            try FileManager.default.copyItem(atPath: flac, toPath: folder + "/a/up/4.FLAC")
            let found = try LabeledSound.read([folder + "/a"])
            #expect(found.map(\.label) == ["down", "up", "up", "up"])
            #expect(found.map(\.sound.sampleCount) == [1, 0, 2].map { whistles[$0].sound.sampleCount } + [500])
            let whole = try Data(contentsOf: URL(filePath: folder + "/a/up/3.wav"))
            try whole.dropLast(9).write(to: URL(filePath: folder + "/a/up/3.wav"))
            var told: [String] = []
            let cut = try LabeledSound.read([folder + "/a"]) { told.append("\($0): \($1.foundCount)") }
            #expect(cut[2].sound.sampleCount == found[2].sound.sampleCount - 5)
            #expect(told == ["\(folder)/a/up/3.wav: \(cut[2].sound.sampleCount)"])
            let table = "a/up/1.wav\trise\n\n\(folder)/a/down/2.WAV\tfall\n"
            try Data(table.utf8).write(to: URL(filePath: folder + "/table.tsv"))
            #expect(try LabeledSound.read([folder + "/table.tsv"]).map(\.label) == ["rise", "fall"])
            func complaint(_ text: String) throws -> String {
                try Data(text.utf8).write(to: URL(filePath: folder + "/table.tsv"))
                do {
                    _ = try LabeledSound.read([folder + "/table.tsv"])
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(try complaint("a/up/1.wav\n").contains("expected a sound and its class"))
            #expect(try complaint("a/up/4.wav\tup\n").contains("a/up/4.wav"))
            #expect(try complaint("table.tsv\tup\n").contains("/table.tsv: "))
            #expect(try complaint("\n").contains("found no sound"))
        }
    }

    @Test func soundsThatDoNotFitAreRefused() throws {
        try ImageTrainingTests.withFolder { folder in
            let sounds = try Self.whistles(8)
            func complaint(
                _ train: [LabeledSound], _ valid: [LabeledSound], _ change: (inout SoundSettings) -> Void = { _ in }
            ) -> String {
                var settings = Self.settings
                change(&settings)
                do {
                    try SoundTraining(directory: folder, settings: settings).run(train: train, valid: valid)
                    return "none"
                } catch { return "\(error)" }
            }
            #expect(
                complaint(sounds.filter { $0.label == "rising" }, sounds)
                    == "sounds: expected sounds of two classes or more, found rising alone")
            #expect(complaint(sounds, []).contains("found no sound"))
            #expect(complaint([], sounds).contains("the training data"))
            #expect(
                complaint(sounds, [LabeledSound(sounds[0].sound, label: "flat")])
                    == "sounds: expected sounds of the classes falling, rising, found one of flat")
            #expect(complaint(sounds, sounds) { $0.sounds.seconds = 0.06 }.contains("model.patchSize"))
            #expect(complaint(sounds, sounds) { $0.sounds.sampleRate = 999 }.contains("sounds.sampleRate"))
            #expect(complaint(sounds, sounds) { $0.sounds.seconds = .nan }.contains("sounds.seconds"))
            #expect(complaint(sounds, sounds) { $0.model.modelSize = 15 }.contains("a multiple of 2 heads"))
            #expect {
                try LabeledSound.parted(sounds, holdingOut: 8, key: .blank)
            } throws: {
                "\($0)" == "sounds: expected more than 8 sounds, so many being held out, found 8; hold fewer out"
            }
        }
    }
}
