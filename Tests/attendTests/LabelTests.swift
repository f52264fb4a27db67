import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend label` on the tiny models that see.
@Suite struct LabelTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/AttentionModelsTests/Fixtures/Vision/"

    /// A picture of 5 × 3 pixels.
    private func picture(in folder: TemporaryFolder) throws -> String {
        let path = folder.path("picture.ppm")
        try AtomicFile.write(Array("P6\n5 3\n255\n".utf8) + (0..<45).map { UInt8($0 * 37 % 256) }, to: path)
        return path
    }

    /// A folder with a model, and beside it what says how pictures are made fit for it, and which ids words have.
    private func model(_ name: String, height: Int, width: Int, in folder: TemporaryFolder) throws -> String {
        let path = folder.path(name)
        try FileManager.default.copyItem(atPath: Self.fixtures + name, toPath: path)
        try AtomicFile.write(
            Array(
                #"{"image_processor_type": "ViTImageProcessor", "size": {"height": \#(height), "width": \#(width)}}"#
                    .utf8),
            to: path + "/preprocessor_config.json")
        let words = ["<unk>", "a", "photo", "of", "cat", "dog"].enumerated().map { "\"\($0.element)\": \($0.offset)" }
        try AtomicFile.write(
            Array(
                """
                {"model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {\(words.joined(separator: ", ")), "<s>": 28, "</s>": 29}},
                 "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": {"type": "BertProcessing", "sep": ["</s>", 29], "cls": ["<s>", 28]}}
                """.utf8), to: path + "/tokenizer.json")
        return path
    }

    @Test func aPictureHasTheLikeliestClass() throws {
        let folder = try TemporaryFolder()
        let model = try model("vit-classes", height: 6, width: 4, in: folder)
        let picture = try picture(in: folder)
        let found = try Command.run(["label", "--model", model, "--top", "3", picture])
        let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(found.status == 0 && Set(lines.map { $0[0] }) == ["LABEL_0", "LABEL_1", "LABEL_2"], "\(found.errors)")
        let shares = lines.compactMap { Double($0[1]) }
        #expect(shares == shares.sorted(by: >) && abs(shares.reduce(0, +) - 1) < 2e-4)
        let weights = folder.path("weights.safetensors")
        let two = try Command.run([
            "label", "--model", model, "--json", "--attention", weights, "--layers", "1", picture, picture,
        ])
        #expect(two.output.split(separator: "\n").count == 2 && two.output.contains(#""label":""#), "\(two.errors)")
        #expect(try SafetensorsFile(path: weights).shape(of: "attentions.1") == [2, 2, 7, 7])
    }

    @Test func descriptionsAreChosenFrom() throws {
        let folder = try TemporaryFolder()
        let model = try model("clip", height: 6, width: 6, in: folder)
        let picture = try picture(in: folder)
        let found = try Command.run(["label", "--model", model, "--labels", "cat, dog", "--top", "2", picture])
        let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(found.status == 0 && Set(lines.map { $0[0] }) == ["cat", "dog"], "\(found.errors)")
        let other = try Command.run([
            "label", "--model", model, "--labels", "dog,cat", "--template", "{}", "--top", "2", picture,
        ])
        #expect(other.status == 0 && other.output != found.output, "\(other.errors)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let classes = try model("vit-classes", height: 6, width: 4, in: folder)
        let clip = try model("clip", height: 6, width: 6, in: folder)
        let picture = try picture(in: folder)
        let text = try folder.write("no picture", to: "text.png")
        func complaint(_ arguments: String...) throws -> String {
            let run = try Command.run(["label"] + arguments)
            #expect(run.status == 65 || run.status == 66 || run.status == 64, "\(run.status)")
            #expect(run.output.isEmpty)
            return run.errors
        }
        #expect(try complaint("--model", classes, text).contains("text.png: image: expected"))
        #expect(try complaint("--model", classes, folder.path("none.png")).contains("none.png"))
        #expect(try complaint("--model", clip, picture).contains("a head for classes of pictures"))
        #expect(try complaint("--model", classes, "--labels", "a,b", picture).contains("a model of texts and pictures"))
        #expect(try complaint("--model", clip, "--labels", " , ", picture).contains("--labels: expected descriptions"))
        #expect(try complaint("--model", clip, "--template", "x", picture).contains("--template: expected {}"))
        #expect(try complaint("--model", classes, "--heads", "1", picture).contains("--attention FILE"))
        try FileManager.default.removeItem(atPath: classes + "/preprocessor_config.json")
        #expect(try complaint("--model", classes, picture).contains("preprocessor_config.json"))
    }
}
