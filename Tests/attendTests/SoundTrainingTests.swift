import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend train sounds`, `evaluate sounds` and `label` on what they leave, run as processes on a few hums.
@Suite struct SoundTrainingTests {
    /// Hums that are high or low, in folders of these names.
    private func hums(in folder: TemporaryFolder) throws -> String {
        for (label, pitch) in [("high", Float(1800)), ("low", 300)] {
            try FileManager.default.createDirectory(
                atPath: folder.path("data/" + label), withIntermediateDirectories: true)
            for index in 0..<10 {
                let samples = (0..<1600).map { sample in
                    0.4 * sin(2 * .pi * (pitch + Float(20 * index)) * Float(sample) / 8000)
                }
                try Sound(samples, sampleRate: 8000).write(to: folder.path("data/\(label)/\(index).wav"))
            }
        }
        return folder.path("data")
    }

    private func arguments(_ folder: TemporaryFolder, output: String = "model") throws -> [String] {
        let data = try hums(in: folder)
        let settings = [
            "layerCount=1", "model.headCount=2", "modelSize=16", "feedForwardSize=16", "patchSize=8", "seconds=0.2",
            "bandCount=16", "sounds.batchSize=5", "shift=1", "maskedBands=2",
            "maskedMoments=2", "training.peakRate=0.01",
            "training.warmup=2", "training.maximumUpdates=40", "training.validationInterval=20",
            "training.checkpointInterval=10",
        ]
        return [
            "train", "sounds", "--train", data, "--valid", data, "--output", folder.path(output), "--threads", "1",
        ] + settings.flatMap { ["--set", $0] }
    }

    @Test func aModelIsTrainedAndLabels() throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(arguments(folder))
        #expect(train.status == 0, "\(train.errors)")
        #expect(
            train.errors.hasPrefix("attend: 20 sounds of 2 classes, 18 moments of 16 bands, "), "\(train.errors)")
        for file in ["config.json", "model.safetensors", "preprocessor_config.json", "settings.json", "log.jsonl"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("model/" + file)), "\(file)")
        }
        let weights = folder.path("weights.safetensors")
        let label = try Command.run(
            "label", "--model", folder.path("model"), folder.path("data/low/3.wav"), "--attention", weights)
        #expect(label.status == 0 && label.output.hasPrefix("low\t0."), "\(label.output)\(label.errors)")
        // Two bands and two moments of patches, and two vectors of the sound as a whole.
        #expect(try SafetensorsFile(path: weights).shape(of: "attentions.0") == Shape([1, 2, 6, 6]))
        let judged = try Command.run(
            "evaluate", "sounds", "--model", folder.path("model"), "--test", folder.path("data"))
        #expect(judged.status == 0 && judged.output.contains("\t20 sounds\nhigh\t"), "\(judged.output)\(judged.errors)")
        let json = try Command.run(
            "evaluate", "sounds", "--model", folder.path("model"), "--test", folder.path("data"), "--json")
        #expect(json.output.contains("\"labels\":[\"high\",\"low\"]"), "\(json.output)\(json.errors)")
        let again = try Command.run(arguments(folder))
        #expect(again.status == 65 && again.errors.contains("continue with --resume"), "\(again.errors)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let data = try hums(in: folder)
        func complaint(_ arguments: String..., status: Int32) throws -> String {
            let run = try Command.run(["train", "sounds"] + arguments)
            #expect(run.status == status && run.output.isEmpty, "\(run.status): \(run.errors)")
            return run.errors
        }
        let output = folder.path("model")
        #expect(try complaint("--train", data, "--output", output, status: 64).contains("found neither"))
        #expect(
            try complaint("--train", data, "--hold-out", "20", "--output", output, status: 65)
                .contains("hold fewer out"))
        #expect(
            try complaint("--train", folder.path("none"), "--hold-out", "2", "--output", output, status: 65)
                .contains("none"))
        #expect(
            try complaint(
                "--train", data, "--hold-out", "2", "--output", output, "--set", "sounds.seconds=0", status: 64
            ).contains("sounds.seconds"))
        let judged = try Command.run("evaluate", "sounds", "--model", data, "--test", data)
        #expect(judged.status == 65 && judged.output.isEmpty, "\(judged.errors)")
    }
}
