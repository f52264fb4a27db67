import Attention
import AttentionFiles
import Foundation
import Testing

/// Models that tell the character of each moment.
@Suite struct CharacterTests {
    /// The tiny wav2vec 2.0 among the fixtures of models, with a vocabulary of eight characters beside it; a moment is 6 samples.
    private static func folder() throws -> String {
        let fixtures = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let path = FileManager.default.temporaryDirectory.path + "/attention-characters-" + UUID().uuidString
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/Audio/wav2vec2-ctc", toPath: path)
        for (name, text) in [
            "vocab.json": #"{"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "|": 4, "A": 5, "B": 6, "É": 7, "'": 8}"#,
            "preprocessor_config.json":
                #"{"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 40, "do_normalize": true}"#,
        ] {
            try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
        }
        return path
    }

    private static func sound(_ count: Int) throws -> Sound {
        try Sound((0..<count).map { Float(sin(Double($0 * $0) / 50)) }, sampleRate: 40)
    }

    @Test func charactersBecomeWords() throws {
        let path = try Self.folder()
        defer { _ = try? FileManager.default.removeItem(atPath: path) }
        let vocabulary = try CharacterVocabulary(folder: path)
        #expect(vocabulary.blank == 0 && vocabulary.count == 9)
        #expect(vocabulary.decode([5, 8, 6, 4, 7, 3, 1, 99]) == "A'B É")
        try AtomicFile.write(
            Array(#"{"word_delimiter_token": "A", "pad_token": {"content": "B"}}"#.utf8),
            to: path + "/tokenizer_config.json")
        let other = try CharacterVocabulary(folder: path)
        #expect(other.blank == 6 && other.decode([7, 5, 7]) == "É É")
        try AtomicFile.write(Array(#"{"a": "b"}"#.utf8), to: path + "/vocab.json")
        #expect(throws: TokenizerError.self) { try CharacterVocabulary(folder: path) }
        #expect(throws: TokenizerError.self) { try CharacterVocabulary(folder: "/nowhere") }
    }

    /// What is written is what the logits say, moment by moment.
    @Test func aShortSoundIsHeardAtOnce() throws {
        let path = try Self.folder()
        defer { _ = try? FileManager.default.removeItem(atPath: path) }
        let transcriber = try Transcriber(path: path)
        let sound = try Self.sound(400)
        let model = try #require(try PretrainedFolder(path: path).model().waveformModel)
        guard case .samples(let samples) = try AudioProcessor(contentsOf: path)(sound) else {
            Issue.record("no samples")
            return
        }
        let logits = try #require(try model.logits(try Tensor(samples, shape: [1, 400])))
        let expected = try CharacterVocabulary(folder: path)
            .decode(CTCSearch()(try logits.squeezed(axis: 0)).labels)
        let found = try transcriber.transcribe(sound)
        #expect(found.text == expected.trimmingCharacters(in: .whitespaces))
        #expect(found.segments.allSatisfy { $0.start == 0 && $0.end == 10 })
    }

    @Test func aLongSoundIsHeardInWindowsThatOverlap() throws {
        let path = try Self.folder()
        defer { _ = try? FileManager.default.removeItem(atPath: path) }
        var transcriber = try Transcriber(path: path)
        let long = try transcriber.transcribe(Self.sound(6000))
        #expect(long.segments.count >= 5)
        for (one, next) in zip(long.segments, long.segments.dropFirst()) { #expect(one.end <= next.start) }
        #expect(long.segments.last?.end == 150)
        transcriber.settings.beamSize = 4
        #expect(try !transcriber.transcribe(Self.sound(400)).segments.isEmpty)
        #expect(try transcriber.transcribe(Self.sound(3)).segments.isEmpty)
        #expect(try transcriber.transcribe(Sound([], sampleRate: 40)).segments.isEmpty)
        transcriber.settings.language = "en"
        #expect(throws: SpeechError.oneLanguage("en")) { try transcriber.transcribe(Self.sound(400)) }
    }
}
