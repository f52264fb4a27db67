import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend detect` on the tiny detector.
@Suite struct DetectTests {
    static func model(in folder: TemporaryFolder) throws -> String {
        try LabelTests.model(
            "detr",
            processor: """
                {"image_processor_type": "DetrImageProcessor", "size": {"shortest_edge": 33, "longest_edge": 60}}
                """,
            in: folder)
    }

    @Test func objectsHaveBoxes() throws {
        let folder = try TemporaryFolder()
        let (model, picture) = (try Self.model(in: folder), try LabelTests.picture(in: folder))
        let all = try Command.run(["detect", "--model", model, "--threshold", "0", picture])
        let lines = all.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(all.status == 0 && lines.count == 5 && lines.allSatisfy { $0.count == 6 }, "\(all.errors)")
        let scores = lines.compactMap { Double($0[1]) }
        #expect(scores == scores.sorted(by: >))
        let json = try Command.run(["detect", "--model", model, "--threshold", "0", "--json", picture, picture])
        #expect(json.output.split(separator: "\n").count == 2 && json.output.contains(#""box":{"#), "\(json.errors)")
        let weights = folder.path("weights.safetensors")
        let some = try Command.run([
            "detect", "--model", model, "--threshold", "\((scores[1] + scores[2]) / 2)", "--attention", weights,
            picture,
        ])
        #expect(some.output.split(separator: "\n").count == 2, "\(some.errors)")
        // 33 × 55 pixels are 3 × 4 places.
        #expect(try SafetensorsFile(path: weights).shape(of: "cross_attentions.0") == [1, 2, 2, 12])
        let none = try Command.run(["detect", "--model", model, "--threshold", "0.999", picture])
        #expect(none.status == 0 && none.output.isEmpty, "\(none.errors)")
    }

    @Test func boxesAreDrawn() throws {
        let folder = try TemporaryFolder()
        let (model, picture) = (try Self.model(in: folder), try LabelTests.picture(in: folder))
        let (png, svg) = (folder.path("boxes.png"), folder.path("boxes.svg"))
        for path in [png, svg] {
            let run = try Command.run(["detect", "--model", model, "--threshold", "0", "--draw", path, picture])
            #expect(run.status == 0, "\(run.errors)")
        }
        let (drawn, plain) = (try Image(contentsOf: png), try Image(contentsOf: picture))
        #expect(drawn.width == plain.width && drawn.height == plain.height && drawn.samples != plain.samples)
        let document = String(decoding: try FileContents.read(svg), as: UTF8.self)
        #expect(document.contains("data:image/png;base64,iVBORw0KGgo") && document.contains("LABEL_"))
        #expect(document.components(separatedBy: "<text").count == 6)
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let (model, picture) = (try Self.model(in: folder), try LabelTests.picture(in: folder))
        let classes = try LabelTests.model("vit-classes", height: 6, width: 4, in: folder)
        func complaint(_ arguments: String...) throws -> String {
            let run = try Command.run(["detect"] + arguments)
            #expect(run.status == 65 || run.status == 66 || run.status == 64, "\(run.status)")
            #expect(run.output.isEmpty)
            return run.errors
        }
        #expect(try complaint("--model", classes, picture).contains("heads for classes and boxes"))
        #expect(try complaint("--model", model, "--threshold", "1", picture).contains("--threshold: expected a number"))
        #expect(try complaint("--model", model, "--draw", "x.gif", picture).contains("ending in .png or .svg"))
        let same = folder.path("same.png")
        try FileManager.default.createSymbolicLink(atPath: same, withDestinationPath: picture)
        #expect(try complaint("--model", model, "--draw", same, picture).contains("another file than the picture"))
        #expect(try complaint("--model", model, "--draw", "x.png", picture, picture).contains("expected one picture"))
        let text = try folder.write("no picture", to: "text.png")
        #expect(try complaint("--model", model, text).contains("text.png: image: expected"))
    }
}
