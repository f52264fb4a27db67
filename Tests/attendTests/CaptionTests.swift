import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend caption` on the tiny models that see and write.
@Suite struct CaptionTests {
    @Test(arguments: [("vit-gpt2", 6, 4), ("blip", 6, 6), ("deit-trocr", 6, 4), ("swin-bert", 8, 8)])
    func aPictureHasACaption(_ name: String, _ height: Int, _ width: Int) throws {
        let folder = try TemporaryFolder()
        let model = try LabelTests.model(name, height: height, width: width, in: folder)
        let picture = try LabelTests.picture(in: folder)
        let options = ["caption", "--model", model, "--max-new-tokens", "5", "--eos", "none"]
        let found = try Command.run(options + [picture])
        #expect(found.status == 0 && found.output.hasSuffix("\n"), "\(found.errors)")
        let both = try Command.run(options + ["--json", picture, picture])
        let lines = both.output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == lines[1] && lines[0].contains(#""tokens":["#), "\(both.errors)")
        let beam = try Command.run(options + ["--beam", "3", "--prompt", "a photo of", picture])
        #expect(beam.status == 0 && beam.output.hasPrefix("a photo of"), "\(beam.output) \(beam.errors)")
    }

    @Test func eachTokenLookedSomewhere() throws {
        let folder = try TemporaryFolder()
        let model = try LabelTests.model("blip", height: 6, width: 6, in: folder)
        let picture = try LabelTests.picture(in: folder)
        let weights = folder.path("weights.safetensors")
        let found = try Command.run([
            "caption", "--model", model, "--prompt", "a cat", "--max-new-tokens", "4", "--eos", "none", "--attention",
            weights, "--layers", "2", picture,
        ])
        #expect(found.status == 0, "\(found.errors)")
        let file = try SafetensorsFile(path: weights)
        // The token that begins captions, two of the prompt, four that were written; the picture as a whole and four patches.
        #expect(try file.shape(of: "cross_attentions.1") == [1, 2, 7, 5])
        #expect(file.metadata["tokens"]?.contains(#""cat""#) == true)
        #expect(file.metadata["places"]?.contains(#""row 2, column 1""#) == true)
        let sums = try file.tensor(named: "cross_attentions.1").sum(axis: 3).values
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
    }

    @Test func headsAreLeftOut() throws {
        let folder = try TemporaryFolder()
        let caption = [
            "caption", "--model", try LabelTests.model("blip", height: 6, width: 6, in: folder), "--max-new-tokens",
            "4",
            "--json", try LabelTests.picture(in: folder),
        ]
        let (plain, without) = (try Command.run(caption), try Command.run(caption + ["--ablate", "*.*"]))
        #expect(plain.status == 0 && without.status == 0 && plain.output != without.output, "\(without.errors)")
        let outside = try Command.run(caption + ["--ablate", "cross:9.1"])
        #expect(
            outside.status == 65
                && outside.errors.hasPrefix("attend: heads: expected heads that the model has, encoder 1.1 to "),
            "\(outside.errors)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let captions = try LabelTests.model("vit-gpt2", height: 6, width: 4, in: folder)
        let classes = try LabelTests.model("vit-classes", height: 6, width: 4, in: folder)
        let picture = try LabelTests.picture(in: folder)
        func complaint(_ arguments: String...) throws -> String {
            let run = try Command.run(["caption"] + arguments)
            #expect(run.status == 65 || run.status == 66 || run.status == 64, "\(run.status)")
            #expect(run.output.isEmpty)
            return run.errors
        }
        #expect(try complaint("--model", classes, picture).contains("an encoder of pictures and a decoder of words"))
        #expect(try complaint("--model", captions, folder.path("none.png")).contains("none.png"))
        let text = try folder.write("no picture", to: "text.png")
        #expect(try complaint("--model", captions, text).contains("text.png: image: expected"))
        #expect(
            try complaint("--model", captions, "--attention", folder.path("w.safetensors"), "--layers", "7", picture)
                .contains("expected layers from 1 to 2, found 7"))
        let tokens = try Command.run(["generate", "--model", captions, "--input-ids", "1,2"])
        #expect(tokens.status == 65 && tokens.errors.contains("expected pixel_values"), "\(tokens.errors)")
    }
}
