import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend train detection`, `evaluate detection` and `detect` on what they leave, run as processes on a few squares.
@Suite struct DetectionTrainingTests {
    /// Pictures of 16 × 12 pixels with a light square each, and the file of their boxes.
    private func squares(in folder: TemporaryFolder) throws -> String {
        var (images, annotations): ([String], [String]) = ([], [])
        for index in 0..<12 {
            let (x, y) = (index % 4 * 3, index / 4 * 2)
            let samples = (0..<192).map { pixel -> UInt8 in
                x..<x + 6 ~= pixel % 16 && y..<y + 6 ~= pixel / 16 ? 220 : 30
            }
            try Image(width: 16, height: 12, channels: .grey, samples: samples)
                .writePNG(to: folder.path("\(index).png"))
            images.append(#"{"id": \#(index), "file_name": "\#(index).png", "width": 16, "height": 12}"#)
            annotations.append(
                #"{"id": \#(index), "image_id": \#(index), "category_id": 3, "bbox": [\#(x), \#(y), 6, 6]}"#)
        }
        return try folder.write(
            """
            {"categories": [{"id": 3, "name": "square"}], "images": [\(images.joined(separator: ", "))],
             "annotations": [\(annotations.joined(separator: ", "))]}
            """, to: "boxes.json")
    }

    private func arguments(_ folder: TemporaryFolder, output: String = "model", _ changes: [String] = []) throws
        -> [String]
    {
        let boxes = try squares(in: folder)
        let settings =
            [
                "model.convolutionCount=2", "model.channelCount=8", "model.modelSize=8", "model.headCount=2",
                "model.feedForwardSize=8", "pictures.batchSize=4", "training.peakRate=0.01", "training.warmup=2",
                "training.maximumUpdates=24", "training.validationInterval=8", "training.checkpointInterval=4",
            ] + changes
        return [
            "train", "detection", "--train", boxes, "--valid", boxes, "--output", folder.path(output), "--threads", "1",
        ] + settings.flatMap { ["--set", $0] }
    }

    @Test func aDetectorIsTrainedAndFinds() throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(arguments(folder))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.hasPrefix("attend: 12 objects of 1 classes on 12 pictures, 16 by 12, "), "\(train.errors)")
        #expect(train.errors.contains(", AP ") && train.errors.contains(", AP50 "), "\(train.errors)")
        for file in ["config.json", "model.safetensors", "preprocessor_config.json", "settings.json", "log.jsonl"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("model/" + file)), "\(file)")
        }
        let weights = folder.path("weights.safetensors")
        let found = try Command.run(
            "detect", "--model", folder.path("model"), "--threshold", "0", folder.path("3.png"), "--attention", weights)
        #expect(found.status == 0, "\(found.errors)")
        let lines = found.output.split(separator: "\n")
        // Three by four places, each of which answers.
        #expect(lines.count == 12 && lines.allSatisfy { $0.hasPrefix("square\t0.") }, "\(found.output)")
        #expect(try SafetensorsFile(path: weights).shape(of: "cross_attentions.1") == [1, 2, 12, 12])
        let judged = try Command.run(
            "evaluate", "detection", "--model", folder.path("model"), "--test", folder.path("boxes.json"))
        #expect(judged.status == 0 && judged.output.hasPrefix("AP 0."), "\(judged.output)\(judged.errors)")
        #expect(judged.output.contains("\t12 objects on 12 pictures\nsquare\tAP 0."), "\(judged.output)")
        let json = try Command.run(
            "evaluate", "detection", "--model", folder.path("model"), "--test", folder.path("boxes.json"), "--json")
        #expect(json.output.contains("\"objectCount\":12"), "\(json.output)\(json.errors)")
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
        #expect(try Command.interrupt(arguments(folder, often), by: SIGTERM, when: checkpoint) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
        let other = try Command.run(arguments(folder, often + ["pictures.crop=0.9"]) + ["--resume"])
        #expect(other.status == 65 && other.errors.contains("pictures.crop"), "\(other.errors)")
        let rest = try Command.run(arguments(folder, often) + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(
            try FileContents.read(folder.path("model/model.safetensors"))
                == FileContents.read(folder.path("whole/model.safetensors")))
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let boxes = try squares(in: folder)
        func complaint(_ arguments: String..., status: Int32) throws -> String {
            let run = try Command.run(["train", "detection"] + arguments)
            #expect(run.status == status && run.output.isEmpty, "\(run.status): \(run.errors)")
            return run.errors
        }
        let output = folder.path("model")
        #expect(
            try complaint("--train", boxes, "--output", output, status: 64)
                .contains("expected either --valid, a JSON file of boxes, or --hold-out, found neither"))
        #expect(
            try complaint("--valid", boxes, "--output", output, status: 64).contains("--train: expected a JSON file"))
        #expect(
            try complaint("--train", boxes, "--hold-out", "12", "--output", output, status: 65).contains(
                "hold fewer out"))
        #expect(
            try complaint(
                "--train", boxes, "--hold-out", "2", "--output", output, "--set", "pictures.crop=0", status: 64
            )
            .contains("pictures.crop to be above 0 and at most 1, found 0"))
        #expect(
            try complaint(
                "--train", boxes, "--hold-out", "2", "--pictures", folder.path("none"), "--output", output, status: 65
            )
            .contains("none/0.png"))
    }
}
