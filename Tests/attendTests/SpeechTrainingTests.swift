import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend train speech`, `evaluate speech` and `transcribe` on what they leave, run as processes on a few hums.
@Suite struct SpeechTrainingTests {
    /// High and low hums, one or two in a sound, and what they are called in a table.
    private func hums(in folder: TemporaryFolder) throws -> String {
        try FileManager.default.createDirectory(atPath: folder.path("sounds"), withIntermediateDirectories: true)
        var lines = ""
        for index in 0..<12 {
            let word = ["ah", "o", "ah o"][index % 3]
            var samples = [Float](repeating: 0, count: 150 + 7 * index)
            for part in word.split(separator: " ") {
                let pitch: Float = part == "o" ? 200 : 500
                for sample in 0..<400 { samples.append(0.4 * sin(2 * .pi * pitch * Float(sample) / 1600)) }
                samples += [Float](repeating: 0, count: 100)
            }
            try Sound(samples, sampleRate: 1600).write(to: folder.path("sounds/\(index).wav"))
            lines += "sounds/\(index).wav\t\(word.uppercased())\n"
        }
        return try folder.write(lines, to: "hums.tsv")
    }

    private func arguments(
        _ folder: TemporaryFolder, output: String = "model", _ changes: [String] = []
    ) throws -> [String] {
        let data = try hums(in: folder)
        let settings =
            [
                "layerCount=1", "model.headCount=2", "modelSize=16", "feedForwardSize=16", "channelCount=8",
                "positionWidth=4", "sounds.batchSize=4", "training.peakRate=0.005", "training.warmup=2",
                "training.maximumUpdates=24", "training.validationInterval=8", "training.checkpointInterval=4",
            ] + changes
        return [
            "train", "speech", "--train", data, "--valid", data, "--output", folder.path(output), "--threads", "1",
        ] + settings.flatMap { ["--set", $0] }
    }

    @Test func aModelIsTrainedAndWritesDown() throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(arguments(folder))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.hasPrefix("attend: 12 sounds, "), "\(train.errors)")
        #expect(train.errors.contains(" seconds, 3 characters, ") && train.errors.contains(", CER "), "\(train.errors)")
        for file in [
            "config.json", "model.safetensors", "preprocessor_config.json", "vocab.json", "tokenizer_config.json",
            "settings.json", "log.jsonl", "learning-curve.svg",
        ] {
            #expect(FileManager.default.fileExists(atPath: folder.path("model/" + file)), "\(file)")
        }
        let written = try Command.run(
            "transcribe", "--model", folder.path("model"), folder.path("sounds/0.wav"), folder.path("sounds/1.wav"))
        #expect(written.status == 0, "\(written.errors)")
        let judged = try Command.run(
            "evaluate", "speech", "--model", folder.path("model"), "--test", folder.path("hums.tsv"))
        #expect(judged.status == 0 && judged.output.hasPrefix("WER "), "\(judged.output)\(judged.errors)")
        #expect(judged.output.hasSuffix("\t16 words in 12 sounds\n"), "\(judged.output)")
        let json = try Command.run(
            "evaluate", "speech", "--model", folder.path("model"), "--test", folder.path("hums.tsv"), "--json")
        let found = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any], "\(json.errors)")
        #expect(
            Set(found.keys) == ["wordErrorRate", "characterErrorRate", "wordCount", "characterCount", "count"])
        #expect(found["wordCount"] as? Int == 16 && found["characterCount"] as? Int == 28, "\(json.output)")
        let again = try Command.run(arguments(folder))
        #expect(again.status == 65 && again.errors.contains("continue with --resume"), "\(again.errors)")
    }

    /// A training that was stopped goes on as if it had not been: the same model, bit for bit.
    @Test func aStoppedTrainingGoesOn() throws {
        let folder = try TemporaryFolder()
        let often = ["training.validationInterval=2"]
        let whole = try Command.run(arguments(folder, output: "whole", often))
        #expect(whole.status == 0, "\(whole.errors)")
        let checkpoint = folder.path("model/training/checkpoint.safetensors")
        #expect(try Command.interrupt(arguments(folder, often), by: SIGINT, when: checkpoint) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
        let other = try Command.run(arguments(folder, often + ["texts.casing=upper"]) + ["--resume"])
        #expect(other.status == 65 && other.errors.contains("texts.casing"), "\(other.errors)")
        let rest = try Command.run(arguments(folder, often) + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(
            try FileContents.read(folder.path("model/model.safetensors"))
                == FileContents.read(folder.path("whole/model.safetensors")))
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let data = try hums(in: folder)
        func complaint(_ arguments: String..., status: Int32) throws -> String {
            let run = try Command.run(["train", "speech"] + arguments)
            #expect(run.status == status && run.output.isEmpty, "\(run.status): \(run.errors)")
            return run.errors
        }
        let output = folder.path("model")
        #expect(
            try complaint("--train", data, "--output", output, status: 64)
                .contains("expected either --valid, a table of sounds and texts, or --hold-out, found neither"))
        #expect(
            try complaint("--train", data, "--hold-out", "12", "--output", output, status: 65)
                .contains("hold fewer out"))
        let broken = try folder.write("sounds/1.wav\to\nsounds/1.wav o\n", to: "broken.tsv")
        #expect(
            try complaint("--train", broken, "--hold-out", "1", "--output", output, status: 65)
                .contains("broken.tsv: line 2: expected a sound and its text with a tab between them"))
        let missing = try folder.write("sounds/99.wav\to\n", to: "missing.tsv")
        #expect(
            try complaint("--train", missing, "--hold-out", "1", "--output", output, status: 65).contains("99.wav"))
        #expect(
            try complaint(
                "--train", data, "--hold-out", "2", "--output", output, "--set", "texts.characters=a|", status: 64
            ).contains("texts.characters"))
        #expect(
            try complaint(
                "--train", data, "--hold-out", "2", "--output", output, "--set", "texts.characters=xyz", status: 65
            ).contains("10 sounds without a text"))
        let judged = try Command.run("evaluate", "speech", "--model", folder.path("sounds"), "--test", data)
        #expect(judged.status == 65 && judged.output.isEmpty, "\(judged.errors)")
    }
}
