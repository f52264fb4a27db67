import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend label` on the tiny models that see.
@Suite struct LabelTests {
    static let fixtures =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/AttentionModelsTests/Fixtures/Vision/"

    /// A picture of 5 × 3 pixels.
    static func picture(in folder: TemporaryFolder) throws -> String {
        let path = folder.path("picture.ppm")
        try AtomicFile.write(Array("P6\n5 3\n255\n".utf8) + (0..<45).map { UInt8($0 * 37 % 256) }, to: path)
        return path
    }

    /// A folder with a model, and beside it what says how pictures are made fit for it, and which ids words have.
    static func model(_ name: String, height: Int, width: Int, in folder: TemporaryFolder) throws -> String {
        try model(
            name,
            processor: """
                {"image_processor_type": "ViTImageProcessor", "size": {"height": \(height), "width": \(width)}}
                """,
            in: folder)
    }

    /// The same with another processor of pictures.
    static func model(_ name: String, processor: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.path(name)
        try FileManager.default.copyItem(atPath: Self.fixtures + name, toPath: path)
        try AtomicFile.write(Array(processor.utf8), to: path + "/preprocessor_config.json")
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
        let model = try Self.model("vit-classes", height: 6, width: 4, in: folder)
        let picture = try Self.picture(in: folder)
        let found = try Command.run(["label", "--model", model, "--top", "3", picture])
        let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(found.status == 0 && Set(lines.map { $0[0] }) == ["LABEL_0", "LABEL_1", "LABEL_2"], "\(found.errors)")
        let shares = lines.compactMap { Double($0[1]) }
        #expect(shares == shares.sorted(by: >) && abs(shares.reduce(0, +) - 1) < 2e-4)
        let weights = folder.path("weights.safetensors")
        let two = try Command.run([
            "label", "--model", model, "--json", "--attention", weights, "--layers", "2", picture, picture,
        ])
        #expect(two.output.split(separator: "\n").count == 2 && two.output.contains(#""label":""#), "\(two.errors)")
        #expect(try SafetensorsFile(path: weights).shape(of: "attentions.1") == [2, 2, 7, 7])
        let page = folder.path("page.html")
        let one = try Command.run(["label", "--model", model, "--attention", page, picture])
        #expect(one.status == 0, "\(one.errors)")
        let text = String(decoding: try FileContents.read(page), as: UTF8.self)
        #expect(text.contains("\"heads\":[0, 1]") && text.contains("id=\"weights-encoder\">"))
        #expect(text.contains("\"width\":4,\"height\":6,\"rows\":3,\"columns\":2,\"order\":\"downwards\""))
        let several = try Command.run(["label", "--model", model, "--attention", page, picture, picture])
        #expect(
            several.status == 64 && several.output.isEmpty
                && several.errors.contains(
                    "--attention: expected one text, picture or sound for a page or trace, found 2"),
            "\(several.errors)")
    }

    @Test func headsAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let label = [
            "label", "--model", try Self.model("vit-classes", height: 6, width: 4, in: folder), "--json", "--top", "3",
            try Self.picture(in: folder),
        ]
        let (plain, without) = (try Command.run(label), try Command.run(label + ["--ablate", "*.*"]))
        #expect(plain.status == 0 && without.status == 0 && plain.output != without.output, "\(without.errors)")
        let outside = try Command.run(label + ["--ablate", "9.1"])
        #expect(
            outside.status == 65
                && outside.errors
                    == "attend: heads: expected heads that the model has, encoder 1.1 to 2.2, found 9.1\n",
            "\(outside.errors)")
    }

    @Test func aSoundHasTheLikeliestClass() throws {
        let folder = try TemporaryFolder()
        let model = folder.path("ast")
        try FileManager.default.copyItem(atPath: Self.fixtures + "../Audio/ast-classes", toPath: model)
        let sound = try TranscribeTests.sound(seconds: 0.2, in: folder)
        func processor(bands: Int) throws {
            try AtomicFile.write(
                Array(
                    #"{"feature_extractor_type": "ASTFeatureExtractor", "num_mel_bins": \#(bands), "max_length": 10}"#
                        .utf8),
                to: model + "/preprocessor_config.json")
        }
        try processor(bands: 8)
        let weights = folder.path("weights.safetensors")
        let found = try Command.run("label", "--model", model, "--top", "3", sound, "--attention", weights)
        let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(found.status == 0 && Set(lines.map { $0[0] }) == ["LABEL_0", "LABEL_1", "LABEL_2"], "\(found.errors)")
        #expect(abs(lines.compactMap { Double($0[1]) }.reduce(0, +) - 1) < 2e-4)
        // Three by three patches, and two vectors of the sound as a whole.
        #expect(try SafetensorsFile(path: weights).shape(of: "attentions.1") == [1, 2, 11, 11])
        let chosen = try Command.run("label", "--model", model, "--labels", "a,b", sound)
        #expect(chosen.status == 64 && chosen.errors.contains("found sounds"), "\(chosen.errors)")
        try processor(bands: 9)
        let unfit = try Command.run("label", "--model", model, sound)
        #expect(unfit.status == 65 && unfit.errors.contains("8 bands and 10 moments"), "\(unfit.errors)")
        let seeing = try Self.model("vit-classes", height: 6, width: 4, in: folder)
        let other = try Command.run("label", "--model", seeing, sound)
        #expect(other.status == 65 && other.errors.contains("a head for classes of sounds"), "\(other.errors)")
    }

    @Test func descriptionsAreChosenFrom() throws {
        let folder = try TemporaryFolder()
        let model = try Self.model("clip", height: 6, width: 6, in: folder)
        let picture = try Self.picture(in: folder)
        let found = try Command.run(["label", "--model", model, "--labels", "cat, dog", "--top", "2", picture])
        let lines = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(found.status == 0 && Set(lines.map { $0[0] }) == ["cat", "dog"], "\(found.errors)")
        let other = try Command.run([
            "label", "--model", model, "--labels", "dog,cat", "--template", "{}", "--top", "2", picture,
        ])
        #expect(other.status == 0 && other.output != found.output, "\(other.errors)")
    }

    @Test(arguments: [("swin-classes", 16), ("dinov2-registers", 8)])
    func otherFamiliesHaveClasses(_ name: String, _ size: Int) throws {
        let folder = try TemporaryFolder()
        let model = try Self.model(name, height: size, width: size, in: folder)
        let picture = try Self.picture(in: folder)
        let found = try Command.run(["label", "--model", model, "--top", "3", picture])
        #expect(found.status == 0 && found.output.split(separator: "\n").count == 3, "\(found.errors)")
        let weights = folder.path("weights.safetensors")
        let looked = try Command.run(["label", "--model", model, "--attention", weights, picture])
        if name.hasPrefix("swin") {
            #expect(looked.status == 65 && looked.errors.contains("looks within windows"), "\(looked.errors)")
        } else {
            #expect(looked.status == 0, "\(looked.errors)")
            #expect(try SafetensorsFile(path: weights).shape(of: "attentions.0") == [1, 2, 19, 19])
        }
    }

    /// Each description is judged by itself.
    @Test func sigmoidsNeedNotSumToOne() throws {
        let folder = try TemporaryFolder()
        let model = try Self.model("siglip", height: 7, width: 7, in: folder)
        let picture = try Self.picture(in: folder)
        func share(_ labels: String) throws -> [String: String] {
            let found = try Command.run(["label", "--model", model, "--labels", labels, "--top", "2", picture])
            #expect(found.status == 0, "\(found.errors)")
            return Dictionary(
                uniqueKeysWithValues: found.output.split(separator: "\n").map { line in
                    let fields = line.split(separator: "\t").map(String.init)
                    return (fields[0], fields[1])
                })
        }
        #expect(try share("cat,dog")["cat"] == share("cat")["cat"])
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let classes = try Self.model("vit-classes", height: 6, width: 4, in: folder)
        let clip = try Self.model("clip", height: 6, width: 6, in: folder)
        let picture = try Self.picture(in: folder)
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
        #expect(try complaint("--model", clip, "--template", "a {}", picture).contains("--template: expected --labels"))
        #expect(try complaint("--model", classes, "--heads", "2", picture).contains("--attention FILE"))
        try FileManager.default.removeItem(atPath: classes + "/preprocessor_config.json")
        #expect(
            try complaint("--model", classes, picture)
                .contains(
                    "preprocessor_config.json: expected the file in \(classes), where it says how pictures become"))
    }
}
