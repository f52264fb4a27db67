import Attention
import Foundation
import Testing

/// `attend transcribe` on the tiny model that hears.
@Suite struct TranscribeTests {
    /// A folder with a model whose windows last a second, and what it needs beside it.
    static func model(in folder: TemporaryFolder) throws -> String {
        let fixtures = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        let path = folder.path("whisper")
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/Audio/whisper", toPath: path)
        let words = ["<pad>", "</s>", "<s>", "a", "b", "c", "d", "e", "f", "<|notimestamps|>"]
        let vocabulary = words.enumerated().map { "\"\($0.element)\": \($0.offset)" }.joined(separator: ", ")
        for (name, text) in [
            "tokenizer.json":
                #"{"model": {"type": "WordLevel", "unk_token": "<pad>", "vocab": {\#(vocabulary)}}, "pre_tokenizer": {"type": "Whitespace"}}"#,
            "preprocessor_config.json":
                #"{"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 6, "chunk_length": 1}"#,
            "generation_config.json":
                #"{"eos_token_id": 1, "decoder_start_token_id": 2, "no_timestamps_token_id": 9, "is_multilingual": false, "max_length": 24, "suppress_tokens": [0, 2, 8, 9], "begin_suppress_tokens": [1]}"#,
        ] {
            try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
        }
        return path
    }

    /// Two tones that rise and fall, of which the model of random weights writes something, as a WAV file.
    static func sound(seconds: Double, in folder: TemporaryFolder, name: String = "sound.wav") throws -> String {
        let samples = (0..<Int(16000 * seconds)).map { index in
            let time = Double(index)
            let low = sin(0.50976467 * time * (1 + 0.2 * sin(time / 16000)))
            return Float(0.15 * (low + sin(0.45961355 * time * (1 + 0.2 * sin(time / 8000)))))
        }
        try Sound(samples, sampleRate: 16000).write(to: folder.path(name))
        return folder.path(name)
    }

    private static let options = ["--temperature", "0", "--no-speech", "1"]

    @Test func textInEveryForm() throws {
        let folder = try TemporaryFolder()
        let arguments =
            ["transcribe", "--model", try Self.model(in: folder), try Self.sound(seconds: 2.5, in: folder)]
            + Self.options
        let text = try Command.run(arguments)
        #expect(text.status == 0 && text.output.split(separator: "\n").count == 1, "\(text.errors)")
        let timed = try Command.run(arguments + ["--timestamps"])
        let lines = timed.output.split(separator: "\n")
        #expect(timed.status == 0 && lines.count >= 2, "\(timed.errors)")
        #expect(lines.allSatisfy { $0.hasPrefix("[00:00:0") && $0.contains(" --> 00:00:0") }, "\(timed.output)")
        let json = try Command.run(arguments + ["--json"])
        #expect(
            json.status == 0 && json.output.contains(#""segments":[{"averageLogProbability":"#)
                && json.output.contains(#""start":0,"#), "\(json.output)")
        #expect(!json.output.contains(#""words""#))
        let words = try Command.run(arguments + ["--words"])
        #expect(words.status == 0 && !words.output.isEmpty, "\(words.errors)")
        let timedWords = words.output.split(separator: "\n")
        #expect(timedWords.allSatisfy { $0.hasPrefix("[00:00:0") && $0.contains(" --> 00:00:0") }, "\(words.output)")
        let both = try Command.run(arguments + ["--words", "--json"])
        #expect(both.output.contains(#""words":[{"end":"#), "\(both.output)")
        #expect(try Command.run(arguments + ["--words", "--timestamps"]).status == 64)
        #expect(try Command.run(arguments + ["--words", "--srt"]).status == 64)
        let subtitles = try Command.run(arguments + ["--srt"])
        #expect(subtitles.status == 0 && subtitles.output.hasPrefix("1\n00:00:0"), "\(subtitles.output)")
        #expect(subtitles.output.contains("\n\n2\n"), "\(subtitles.output)")
        let web = try Command.run(arguments + ["--vtt"])
        #expect(web.status == 0 && web.output.hasPrefix("WEBVTT\n\n00:00:0"), "\(web.output)")
    }

    @Test func standardInputIsHeard() throws {
        let folder = try TemporaryFolder()
        let (model, sound) = (try Self.model(in: folder), try Self.sound(seconds: 2.5, in: folder))
        let file = try Command.run(["transcribe", "--model", model, sound] + Self.options)
        let input = try Command.run(
            ["transcribe", "--model", model, "-"] + Self.options, input: Data(contentsOf: URL(filePath: sound)))
        #expect(input.status == 0 && input.output == file.output, "\(input.errors)")
        let both = try Command.run(
            ["transcribe", "--model", model, sound, "-"] + Self.options, input: Data(contentsOf: URL(filePath: sound)))
        #expect(both.output == "\(sound)\t\(file.output)-\t\(file.output)")
    }

    /// FLAC is heard as the same sound as WAV is, from a file and from standard input.
    @Test func flacIsHeard() throws {
        let folder = try TemporaryFolder()
        let model = try Self.model(in: folder)
        let fixtures = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        let flac = fixtures + "/AttentionSignalsTests/Fixtures/flac/order-32.flac"
        try Sound(contentsOf: flac).write(to: folder.path("same.wav"))
        let expected = try Command.run(["transcribe", "--model", model, folder.path("same.wav")] + Self.options)
        let found = try Command.run(["transcribe", "--model", model, flac] + Self.options)
        let piped = try Command.run(
            ["transcribe", "--model", model, "-"] + Self.options, input: Data(contentsOf: URL(filePath: flac)))
        #expect(expected.status == 0 && found.status == 0 && found.output == expected.output, "\(found.errors)")
        #expect(piped.output == expected.output && piped.errors.isEmpty, "\(piped.errors)")
    }

    /// Of a download that broke off is heard what is there, and said what is not.
    @Test func whatACutFileLacksIsSaid() throws {
        let folder = try TemporaryFolder()
        let (model, sound) = (try Self.model(in: folder), try Self.sound(seconds: 0.2, in: folder))
        let bytes = try Data(contentsOf: URL(filePath: sound)).dropLast(1001)
        try bytes.write(to: URL(filePath: folder.path("cut.wav")))
        let sentence =
            "wav: expected 3200 samples of each channel, found 2699; the file is cut short, what is there was read\n"
        let file = try Command.run(["transcribe", "--model", model, folder.path("cut.wav")] + Self.options)
        #expect(file.status == 0 && file.errors == "attend: \(folder.path("cut.wav")): \(sentence)", "\(file.errors)")
        let input = try Command.run(["transcribe", "--model", model, "-"] + Self.options, input: bytes)
        #expect(input.output == file.output && input.errors == "attend: standard input: \(sentence)", "\(input.errors)")
    }

    @Test func whereHeadsLookIsWritten() throws {
        let folder = try TemporaryFolder()
        let weights = folder.path("weights.safetensors")
        let found = try Command.run(
            ["transcribe", "--model", try Self.model(in: folder), try Self.sound(seconds: 1.5, in: folder)]
                + Self.options + ["--attention", weights, "--layers", "2"])
        #expect(found.status == 0, "\(found.errors)")
        let shape = try SafetensorsFile(path: weights).shape(of: "attentions.1")
        #expect(shape.rank == 4 && shape[0] >= 2 && shape[1] == 2 && shape[3] == 50)
    }

    @Test func headsAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let transcribe =
            ["transcribe", "--model", try Self.model(in: folder), try Self.sound(seconds: 0.5, in: folder), "--json"]
            + Self.options
        let (plain, without) = (try Command.run(transcribe), try Command.run(transcribe + ["--ablate", "*.*"]))
        #expect(plain.status == 0 && without.status == 0 && plain.output != without.output, "\(without.errors)")
        let outside = try Command.run(transcribe + ["--ablate", "9.1"])
        #expect(
            outside.status == 65
                && outside.errors.hasPrefix("attend: heads: expected heads that the model has, encoder 1.1 to ")
                && outside.errors.contains(", cross 1.1 to "), "\(outside.errors)")
    }

    /// The page shows half a second of the second that was heard, and says so; a trace of it is drawn in every view.
    @Test func thePageShowsWhatHasSound() throws {
        let folder = try TemporaryFolder()
        let (page, trace) = (folder.path("page.html"), folder.path("heard.trace"))
        let transcribe =
            ["transcribe", "--model", try Self.model(in: folder), try Self.sound(seconds: 0.5, in: folder)]
            + ["--beam", "3", "--attention"]
        for path in [page, trace] {
            let found = try Command.run(transcribe + [path] + Self.options)
            #expect(found.status == 0, "\(found.errors)")
        }
        let text = String(decoding: try FileContents.read(page), as: UTF8.self)
        #expect(text.contains("\"columns\":25,") && text.contains("\"seconds\":0.5}"))
        #expect(text.contains("\"omitted\":25}") && text.contains("\"beam\":{\"first\":2,"))
        #expect(text.contains("<p class=\"note\">The last 25 of 50 places that were looked at hold nothing"))
        #expect(text.contains("\"labels\":[\"0 s\",\"0.02 s\","))
        let shown = try Command.run("inspect", "--trace", trace, "--format", "html")
        #expect(shown.output == text, "\(shown.errors)")
        let entropies = try Command.run("inspect", "--trace", trace, "--view", "entropy")
        #expect(entropies.status == 0 && entropies.output.contains("The last 25 of 50 places"), "\(entropies.errors)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let (model, sound) = (try Self.model(in: folder), try Self.sound(seconds: 0.2, in: folder))
        func run(_ arguments: String...) throws -> Command {
            try Command.run(["transcribe", "--model", model] + arguments, input: Data("no sound at all".utf8))
        }
        #expect(try run("-").status == 65)
        #expect(
            try run("-").errors
                == "attend: standard input: sound: expected a WAV or FLAC file, found one that begins with [110, 111, 32, 115]; "
                + "convert it, with: ffmpeg -i IN OUT.flac\n")
        #expect(try run("/nowhere.wav").status == 65)
        #expect(try run(sound, "--language", "en").status == 65)
        #expect(
            try run(sound, "--language", "en").errors
                == "attend: transcribe: expected no language and no task for a model of one language, found en; take a model of several\n"
        )
        for wrong in [
            [sound, "--srt", "--vtt"], [sound, "--srt", "--json"], [sound, sound, "--srt"], ["-", "-"],
            [sound, "--beam", "0"], [sound, "--temperature", "-1"], [sound, "--temperature", "a"],
            [sound, "--no-speech", "2"], [],
        ] {
            #expect(try Command.run(["transcribe", "--model", model] + wrong).status == 64, "\(wrong)")
        }
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: sound)))
        // As floats of 32 bits, of which one is none.
        bytes.replaceSubrange(20..<22, with: [3, 0])
        bytes.replaceSubrange(32..<36, with: [4, 0, 32, 0])
        bytes.replaceSubrange(44..<48, with: [0, 0, 0xC0, 0x7F])
        try Data(bytes).write(to: URL(filePath: folder.path("nan.wav")))
        let odd = try run(folder.path("nan.wav"))
        #expect(odd.status == 65 && odd.errors.contains("found nan as sample 0 of channel 0"), "\(odd.errors)")
        try Data(bytes.prefix(44)).write(to: URL(filePath: folder.path("empty.wav")))
        let empty = try run(folder.path("empty.wav"))
        #expect(empty.status == 0 && empty.output == "\n", "\(empty.errors)")
    }
}
