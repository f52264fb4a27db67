import Attention
import AttentionFiles
import Foundation
import Testing

@Suite struct TranscriberTests {
    @Test func aShortSoundIsOneStretchWithoutMoments() throws {
        let folder = try TinySpeech()
        let transcriber = try Transcriber(path: folder.path)
        let transcript = try transcriber.transcribe(TinySpeech.sound(seconds: 0.75))
        let segment = try #require(transcript.segments.first)
        #expect(transcript.segments.count == 1 && transcript.language == nil)
        #expect(segment.start == 0 && segment.end == 0.75)
        #expect(segment.tokens.count <= 22 && !transcript.text.isEmpty)
        #expect(try transcriber.transcribe(TinySpeech.sound(seconds: 0.75)) == transcript)
    }

    @Test func aLongSoundIsHeardWindowByWindow() throws {
        let folder = try TinySpeech(writesMoments: true)
        var transcriber = try Transcriber(path: folder.path)
        transcriber.settings.temperatures = [0]
        transcriber.settings.noSpeechLimit = 1
        let sound = try TinySpeech.sound(seconds: 3.3)
        var (run, heard) = (TaskRun(), [Transcript.Segment]())
        let transcript = try transcriber.transcribe(sound, in: &run) { heard.append($0) }
        #expect(heard == transcript.segments && heard.count >= 3)
        for (one, next) in zip(heard, heard.dropFirst()) { #expect(one.start <= one.end && one.start <= next.start) }
        #expect(heard.allSatisfy { (0...3.3).contains($0.start) && (0...3.3).contains($0.end) })
        // Every window begins with a moment.
        #expect(heard.first?.tokens.first.map { $0 >= 10 } == true)
    }

    /// Piece by piece, at another rate and with several channels, it is the same.
    @Test func whatArrivesIsHeardAsTheWhole() throws {
        let folder = try TinySpeech(writesMoments: true)
        let transcriber = try Transcriber(path: folder.path)
        let mono = try TinySpeech.sound(seconds: 2.5, sampleRate: 22050)
        let sound = try Sound(channels: [[Float]](repeating: mono.mono, count: 8), sampleRate: 22050)
        let bytes = try WAV.bytes(of: sound)
        let whole = try transcriber.transcribe(WAV.sound(from: bytes))
        var rest = bytes[...]
        let reader = try SoundReader { () throws(FileError) in
            defer { rest = rest.dropFirst(5000) }
            return Array(rest.prefix(5000))
        }
        var run = TaskRun()
        #expect(try transcriber.transcribe(reader, in: &run) == whole)
    }

    /// Words lie one behind the other within the sound, and their tokens are those of the text; heads may be named.
    @Test(arguments: [nil, "[[0, 0], [1, 1]]"]) func wordsHaveTimes(_ heads: String?) throws {
        let folder = try TinySpeech(writesMoments: true)
        if let heads { try folder.set("alignment_heads", to: heads) }
        var transcriber = try Transcriber(path: folder.path)
        (transcriber.settings.temperatures, transcriber.settings.noSpeechLimit) = ([0], 1)
        let sound = try TinySpeech.sound(seconds: 2.3)
        let plain = try transcriber.transcribe(sound)
        #expect(plain.segments.allSatisfy { $0.words.isEmpty })
        transcriber.settings.hasWordTimes = true
        let timed = try transcriber.transcribe(sound)
        #expect(timed.text == plain.text)
        let words = timed.segments.flatMap(\.words)
        #expect(!words.isEmpty)
        #expect(words.map(\.text).joined().filter { $0 != " " } == plain.text.filter { $0 != " " })
        for word in words { #expect(0 <= word.start && word.start <= word.end && word.end <= 2.3) }
    }

    /// A list that was left from a larger model is no reason to refuse the folder, nor its words.
    @Test func headsThatAreNotThereCountAsNone() throws {
        let known = try TinySpeech(writesMoments: true)
        var expected = try Transcriber(path: known.path)
        expected.settings.hasWordTimes = true
        let sound = try TinySpeech.sound(seconds: 1.3)
        for heads in ["[[7, 0]]", "[[0]]", "[[0, 9], [0, 0]]"] {
            let folder = try TinySpeech(writesMoments: true)
            try folder.set("alignment_heads", to: heads)
            var transcriber = try Transcriber(path: folder.path)
            transcriber.settings.hasWordTimes = true
            #expect(try transcriber.transcribe(sound) == expected.transcribe(sound))
        }
    }

    @Test func nothingAndNearlyNothing() throws {
        let folder = try TinySpeech()
        let transcriber = try Transcriber(path: folder.path)
        #expect(try transcriber.transcribe(Sound([], sampleRate: 8000)).text.isEmpty)
        #expect(try transcriber.transcribe(Sound([], sampleRate: 8000)).segments.isEmpty)
        #expect(try transcriber.transcribe(Sound([0.5], sampleRate: 16000)).segments.count <= 1)
    }

    /// Old folders and new ones spell them differently; one that does both is no reason to fall.
    @Test func aLanguageMayBeNamedTwice() throws {
        let folder = try TinySpeech(languages: ["en": 5, "de": 6])
        let path = folder.path + "/generation_config.json"
        let settings = String(decoding: try FileContents.read(path), as: UTF8.self)
        try AtomicFile.write(Array(settings.replacingOccurrences(of: "<|de|>", with: "en").utf8), to: path)
        let heard = try Transcriber(path: folder.path).transcribe(TinySpeech.sound(seconds: 0.5))
        #expect(heard.language == "en")
    }

    @Test func languagesAreHeardOrSaid() throws {
        let folder = try TinySpeech(languages: ["en": 5, "de": 6])
        var transcriber = try Transcriber(path: folder.path)
        let sound = try TinySpeech.sound(seconds: 0.5)
        let heard = try transcriber.transcribe(sound)
        let language = try #require(heard.language)
        transcriber.settings.language = language
        #expect(try transcriber.transcribe(sound) == heard)
        transcriber.settings.task = .translate
        #expect(try transcriber.transcribe(sound).segments.first?.tokens != nil)
        transcriber.settings.language = "xx"
        #expect(throws: SpeechError.unknownLanguage("xx", known: ["de", "en"])) { try transcriber.transcribe(sound) }
        let english = try TinySpeech()
        transcriber = try Transcriber(path: english.path)
        transcriber.settings.language = "en"
        #expect(throws: SpeechError.oneLanguage("en")) { try transcriber.transcribe(sound) }
        transcriber.settings = TranscriptionSettings()
        transcriber.settings.task = .translate
        #expect(throws: SpeechError.oneLanguage("translate")) { try transcriber.transcribe(sound) }
    }

    /// Where no text passes, the last temperature's is kept; where the first passes, no other is tried.
    @Test func temperaturesAreTriedUntilATextPasses() throws {
        let folder = try TinySpeech()
        var transcriber = try Transcriber(path: folder.path)
        transcriber.settings.noSpeechLimit = 1
        let sound = try TinySpeech.sound(seconds: 0.5)
        transcriber.settings.logProbabilityLimit = 1
        #expect(try transcriber.transcribe(sound).segments.first?.temperature == 1)
        transcriber.settings.logProbabilityLimit = -.infinity
        transcriber.settings.compressionRatioLimit = .infinity
        #expect(try transcriber.transcribe(sound).segments.first?.temperature == 0)
        transcriber.settings.temperatures = []
        #expect(throws: SpeechError.self) { try transcriber.transcribe(sound) }
        transcriber.settings = TranscriptionSettings()
        transcriber.settings.noSpeechLimit = 0
        transcriber.settings.logProbabilityLimit = .infinity
        #expect(try transcriber.transcribe(sound).segments.isEmpty)
    }

    @Test func beamsWrite() throws {
        let folder = try TinySpeech()
        var transcriber = try Transcriber(path: folder.path)
        transcriber.settings.temperatures = [0]
        transcriber.settings.noSpeechLimit = 1
        let sound = try TinySpeech.sound(seconds: 0.5)
        let greedy = try #require(try transcriber.transcribe(sound).segments.first)
        transcriber.settings.beamSize = 3
        let beams = try #require(try transcriber.transcribe(sound).segments.first)
        #expect(!beams.tokens.isEmpty && !greedy.tokens.isEmpty)
    }

    @Test func whereHeadsLookIsNoted() throws {
        let folder = try TinySpeech()
        let transcriber = try Transcriber(path: folder.path)
        var run = TaskRun(observing: AttentionSelection(layers: [1], heads: [0]))
        let transcript = try transcriber.transcribe(TinySpeech.sound(seconds: 0.5), in: &run)
        let row = try #require(run.attentions.first)
        #expect(row.pieces.count == 2 + (transcript.segments.first?.tokens.count ?? 0))
        #expect(row.pieces.prefix(2) == ["<s>", "<|notimestamps|>"])
        #expect(row.layers.map(\.layer) == [1] && row.layers[0].weights.shape == [1, row.pieces.count, 50])
        run = TaskRun(observing: AttentionSelection(layers: [2]))
        #expect(throws: PretrainedError.self) {
            try transcriber.transcribe(TinySpeech.sound(seconds: 0.5), in: &run)
        }
    }

    @Test func aStreamOfSegmentsCanBeLeft() async throws {
        let folder = try TinySpeech(writesMoments: true)
        let path = folder.path + "/sound.wav"
        try TinySpeech.sound(seconds: 4).write(to: path)
        var transcriber = try Transcriber(path: folder.path)
        transcriber.settings.temperatures = [0]
        transcriber.settings.noSpeechLimit = 1
        for try await segment in transcriber.segments(of: path) {
            #expect(segment.start >= 0)
            break
        }
        let task = Task { [transcriber] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try transcriber.transcribe(TinySpeech.sound(seconds: 2))
        }
        await #expect(throws: SearchError.cancelled) { _ = try await task.value }
    }

    @Test func foldersThatDoNotFitAreRefused() throws {
        let folder = try TinySpeech(chunkLength: 2)
        let path = folder.path
        #expect {
            try Transcriber(path: path)
        } throws: {
            "\($0)".hasPrefix(
                "transcribe: expected a preprocessor_config.json for 6 bands of 1.0 seconds in \(path), found")
        }
        let vision =
            #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
            + "/AttentionModelsTests/Fixtures/Vision/vit"
        #expect {
            try Transcriber(path: vision)
        } throws: {
            "\($0)"
                == "model: expected a model with a head that writes what is heard in \(vision), found one with ViTModel"
        }
    }
}
