import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend train images`, `evaluate images` and `label` on what they leave, run as processes on a few stripes.
@Suite struct ImageTrainingTests {
    /// Pictures of stripes that lie or stand, in folders of these names.
    private func stripes(in folder: TemporaryFolder) throws -> String {
        for (label, isLying) in [("lying", true), ("standing", false)] {
            try FileManager.default.createDirectory(
                atPath: folder.path("data/" + label), withIntermediateDirectories: true)
            for index in 0..<12 {
                let samples = (0..<64).map { pixel -> UInt8 in
                    ((isLying ? pixel / 8 : pixel % 8) + index) / (2 + index % 2) % 2 == 0 ? 200 : UInt8(index)
                }
                try Image(width: 8, height: 8, channels: .grey, samples: samples)
                    .writePNG(to: folder.path("data/\(label)/\(index).png"))
            }
        }
        return folder.path("data")
    }

    private func arguments(
        _ folder: TemporaryFolder, _ architecture: String, output: String = "model", _ changes: [String] = []
    ) throws -> [String] {
        let data = try stripes(in: folder)
        let settings =
            [
                "pictures.batchSize=6", "pictures.shift=1", "training.peakRate=0.01", "training.warmup=2",
                "training.maximumUpdates=24", "training.validationInterval=8", "training.checkpointInterval=4",
            ] + changes
        return [
            "train", "images", "--architecture", architecture, "--train", data, "--valid", data, "--output",
            folder.path(output), "--threads", "1",
        ] + settings.flatMap { ["--set", $0] }
    }

    @Test(arguments: [
        ("cct", ["modelSize=16", "feedForwardSize=16", "convolutionSize=8", "convolutionCount=1"], [1, 1, 1, 16], 2),
        ("cnn-cbam", ["channelCount=8", "blockCount=1", "model.kernelSize=3"], [1, 1, 1, 64], 0),
        ("vit", ["layerCount=1", "model.headCount=2", "modelSize=16", "feedForwardSize=16"], [1, 2, 5, 5], 0),
    ])
    func aModelIsTrainedAndLabels(_ architecture: String, _ sizes: [String], _ shape: [Int], _ layer: Int) throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(arguments(folder, architecture, sizes))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.hasPrefix("attend: 24 pictures of 2 classes, 8 by 8, "), "\(train.errors)")
        #expect(train.errors.contains(", accuracy "), "\(train.errors)")
        for file in ["config.json", "model.safetensors", "preprocessor_config.json", "settings.json", "log.jsonl"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("model/" + file)), "\(file)")
        }
        let weights = folder.path("weights.safetensors")
        let label = try Command.run(
            "label", "--model", folder.path("model"), folder.path("data/lying/3.png"), "--attention", weights)
        #expect(label.status == 0, "\(label.errors)")
        #expect(label.output.hasPrefix("lying\t0.") || label.output.hasPrefix("standing\t0."), "\(label.output)")
        #expect(try SafetensorsFile(path: weights).shape(of: "attentions.\(layer)") == Shape(shape))
        let judged = try Command.run(
            "evaluate", "images", "--model", folder.path("model"), "--test", folder.path("data"))
        #expect(judged.status == 0 && judged.output.hasPrefix("accuracy "), "\(judged.errors)")
        #expect(judged.output.contains("\t24 pictures\nlying\t"), "\(judged.output)")
        let json = try Command.run(
            "evaluate", "images", "--model", folder.path("model"), "--test", folder.path("data"), "--json")
        #expect(json.output.contains("\"labels\":[\"lying\",\"standing\"]"), "\(json.output)\(json.errors)")
        let again = try Command.run(arguments(folder, architecture, sizes))
        #expect(again.status == 65 && again.errors.contains("continue with --resume"), "\(again.errors)")
    }

    /// A training that was stopped goes on as if it had not been: the same model, bit for bit.
    @Test func aStoppedTrainingGoesOn() throws {
        let folder = try TemporaryFolder()
        let sizes = ["channelCount=8", "blockCount=1", "training.validationInterval=2"]
        let whole = try Command.run(arguments(folder, "cnn-se", output: "whole", sizes))
        #expect(whole.status == 0, "\(whole.errors)")
        let checkpoint = folder.path("model/training/checkpoint.safetensors")
        #expect(try Command.interrupt(arguments(folder, "cnn-se", sizes), by: SIGTERM, when: checkpoint) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
        let other = try Command.run(arguments(folder, "cnn-se", sizes + ["pictures.shift=2"]) + ["--resume"])
        #expect(other.status == 65 && other.errors.contains("pictures.shift"), "\(other.errors)")
        let rest = try Command.run(arguments(folder, "cnn-se", sizes) + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(
            try FileContents.read(folder.path("model/model.safetensors"))
                == FileContents.read(folder.path("whole/model.safetensors")))
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let data = try stripes(in: folder)
        func complaint(_ arguments: String..., status: Int32) throws -> String {
            let run = try Command.run(["train", "images"] + arguments)
            #expect(run.status == status && run.output.isEmpty, "\(run.status): \(run.errors)")
            return run.errors
        }
        let output = folder.path("model")
        #expect(
            try complaint("--train", data, "--output", output, status: 64)
                .contains("expected either --valid, a folder or an IDX file of pictures, or --hold-out, found neither"))
        #expect(
            try complaint("--train", data, "--valid", data, "--hold-out", "2", "--output", output, status: 64)
                .contains("found both"))
        #expect(
            try complaint("--train", data, "--hold-out", "24", "--output", output, status: 65)
                .contains("hold fewer out"))
        #expect(
            try complaint("--train", folder.path("none"), "--hold-out", "2", "--output", output, status: 65)
                .contains("none"))
        #expect(
            try complaint("--architecture", "resnet", "--train", data, status: 64).contains("cnn-cbam"))
        #expect(
            try complaint(
                "--train", data, "--hold-out", "2", "--output", output, "--set", "pictures.crop=2", status: 64
            )
            .contains("pictures.crop to be above 0 and at most 1, found 2"))
        #expect(
            try complaint(
                "--train", data, "--hold-out", "2", "--output", output, "--set", "pictures.height=8", status: 64
            )
            .contains("pictures.width to be 0 where pictures.height is 0"))
        let label = try Command.run(
            "label", "--model", LabelTests.fixtures + "cnn-se-classes", "--attention", folder.path("x.safetensors"),
            try LabelTests.picture(in: folder))
        #expect(label.status == 65, "\(label.errors)")
    }
}
