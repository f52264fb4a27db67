import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend train translation --trace`, and its replay.
@Suite struct TrainingTraceTests {
    /// Where the model looks in chosen sentences is kept at every validation, the same after an interruption, and replayed on a page.
    @Test func tracesOfATraining() throws {
        let folder = try TemporaryFolder()
        let traced = ["--trace", "we like birds .", "--trace", "they see dogs .\tils chiens vois ."]
        let straight = try Command.run(TinyModel.trainArguments(folder, output: "straight") + traced)
        #expect(straight.status == 0, "\(straight.errors)")
        let cut = try TinyModel.trainArguments(folder, output: "resumed", ["maximumUpdates=45"]) + traced
        #expect(try Command.run(cut).status == 0)
        let rest = try TinyModel.trainArguments(folder, output: "resumed") + traced + ["--resume"]
        #expect(try Command.run(rest).status == 0)
        for number in ["1", "2"] {
            let files = try Directory.names(in: folder.path("straight/traces/" + number))
            #expect(files == [0, 30, 60, 90, 120].map { String(format: "%08d.safetensors", $0) })
            for file in files {
                let bytes = try ["straight", "resumed"].map {
                    try FileContents.read(folder.path("\($0)/traces/\(number)/\(file)"))
                }
                #expect(bytes[0] == bytes[1], "\(number) \(file)")
            }
        }
        let last = try ModelTrace(path: folder.path("straight/traces/1/00000120.safetensors"))
        #expect(last.attention.map(\.kind) == [.cross] && last.sequences[1].text == "we like birds .")
        #expect(last.sequences[0].text == "nous oiseaux aime .")

        let page = folder.path("replay.html")
        let shown = try Command.run("inspect", "--trace", folder.path("straight/traces/1"), "--output", page)
        #expect(shown.status == 0, "\(shown.errors)")
        let text = String(decoding: try FileContents.read(page), as: UTF8.self)
        #expect(text.contains("\"moments\":[0, 30, 60, 90, 120]") && text.contains("\"names\":[\"mean\"]"))
        let head = try Command.run(
            "inspect", "--trace", folder.path("straight/traces/2"), "--heads", "2", "--format", "html")
        #expect(head.status == 0 && head.output.contains("\"heads\":[1],\"names\":null"), "\(head.errors)")
    }

    @Test func whatCannotBeTracedOrReplayed() throws {
        let folder = try TemporaryFolder()
        func train(_ traced: String...) throws -> Command {
            try Command.run(
                TinyModel.trainArguments(folder, output: "m", ["maximumUpdates=1"])
                    + traced.flatMap { ["--trace", $0] })
        }
        #expect(
            try train("nobody said this").errors.contains("--trace: expected a sentence of the pairs, or one and its"))
        let long = String(repeating: "birds ", count: 80)
        #expect(
            try train("a\t" + long).errors.contains(
                "train: expected two sides of 2 to 64 pieces to trace, found \"a\" of "))
        let many = try Command.run(
            TinyModel.trainArguments(folder, output: "many", ["maximumUpdates=1"])
                + ["--trace-file", try folder.write(TinyModel.pairs.prefix(9).joined(separator: "\n"), to: "many.tsv")])
        #expect(many.status == 65 && many.errors.contains("train: expected at most 8 sentences to trace, found 9"))
        try Directory.create(folder.path("traces/1"))
        let outer = try Command.run("inspect", "--trace", folder.path("traces"), "--format", "html")
        #expect(outer.status == 65 && outer.errors.contains("found none; there are 1"), "\(outer.errors)")
        let picture = try Command.run("inspect", "--trace", folder.path("traces"), "--format", "svg")
        #expect(
            picture.status == 64 && picture.errors.contains("--trace: expected --format html or --output FILE.html"))
    }
}
