import AttentionFiles
import AttentionTensors
import Foundation
import Testing

/// `--attention FILE` with `--layers` and `--heads`, counted from 1, on every command on texts; the names in the file are the reference's, from 0.
@Suite struct AttentionOptionTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/AttentionTests/Fixtures/Tasks/"

    @Test(arguments: [
        ("embed", "vectors", ["The cat sleeps."]), ("similarity", "vectors", ["The cat sleeps.", "A dog runs."]),
        ("rerank", "pairs", ["Who sleeps?", "The cat sleeps.", "A dog."]),
        ("fill-mask", "words", ["The [MASK] sleeps."]),
        ("classify", "classes", ["The cat sleeps.", "A dog."]), ("tag", "names", ["The cat sleeps."]),
        ("answer", "answers", ["--context", "The cat sleeps.", "Who sleeps?"]),
    ])
    func everyCommandWritesWhereHeadsLook(_ command: String, _ model: String, _ arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("weights.safetensors")
        let common = [command, "--model", Self.fixtures + model]
        let plain = try Command.run(common + arguments)
        let seen = try Command.run(common + ["--attention", path, "--layers", "2", "--heads", "2"] + arguments)
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["attentions.1"] && file.metadata["layers"] == "[1]" && file.metadata["heads"] == "[1]")
        let tokens: [[String]] = try JSONDecoding.decode(from: Array((file.metadata["tokens"] ?? "").utf8))
        let weights = try file.tensor(named: "attentions.1")
        let length = tokens.map(\.count).max() ?? 0
        #expect(weights.shape == [tokens.count, 1, length, length])
        for (row, pieces) in tokens.enumerated() {
            for query in 0..<length {
                let shares = (0..<length).map { weights.values[(row * length + query) * length + $0] }
                #expect(abs(shares.reduce(0, +) - (query < pieces.count ? 1 : 0)) < 1e-5)
                #expect(shares[pieces.count...].allSatisfy { $0 == 0 })
            }
        }
    }

    @Test func whatIsChosenIsWhatForwardTells() throws {
        let folder = try TemporaryFolder()
        func weights(_ options: String...) throws -> SafetensorsFile {
            let path = folder.path("\(options.count).safetensors")
            let made = try Command.run(
                ["embed", "--model", Self.fixtures + "vectors", "--attention", path] + options + ["The cat sleeps."])
            #expect(made.status == 0, "\(made.errors)")
            return try SafetensorsFile(path: path)
        }
        let (all, one) = (try weights(), try weights("--layers", "1-2", "--heads", "2,1"))
        #expect(all.names == ["attentions.0", "attentions.1"] && one.names == all.names)
        for name in all.names {
            let (first, second) = (try all.tensor(named: name), try one.tensor(named: name))
            #expect(first.shape == second.shape)
            let size = first.shape[2] * first.shape[3]
            #expect(Array(first.values[..<size]) == Array(second.values[size...]))
        }
    }

    /// What has no ending is written as tensors, which a pipe takes as well as a file.
    @Test func namesWithoutAnEnding() throws {
        let folder = try TemporaryFolder()
        let embed = ["embed", "--model", Self.fixtures + "vectors", "The cat sleeps.", "--attention"]
        let named = try Command.run(embed + [folder.path("weights")])
        #expect(named.status == 0, "\(named.errors)")
        #expect(try SafetensorsFile(path: folder.path("weights")).names == ["attentions.0", "attentions.1"])
        let device = try Command.run(embed + ["/dev/null"])
        #expect(device.status == 0 && device.output == named.output, "\(device.errors)")
        let vectors = try Command.run(
            "embed", "--model", Self.fixtures + "vectors", "The cat sleeps.", "--output", "/dev/null")
        #expect(vectors.status == 0 && vectors.output.isEmpty, "\(vectors.errors)")
    }

    @Test func refusals() throws {
        let model = Self.fixtures + "vectors"
        let lone = try Command.run("embed", "--model", model, "--heads", "1", "x")
        #expect(lone.status == 64 && lone.errors.contains("--heads: expected --attention FILE beside it"))
        let folder = try TemporaryFolder()
        let path = folder.path("w.safetensors")
        let many = try Command.run("embed", "--model", model, "--attention", path, "--layers", "1,7", "x")
        #expect(many.status == 65 && many.errors == "attend: attention: expected layers from 1 to 2, found 7\n")
        #expect(!FileManager.default.fileExists(atPath: path))
        let zero = try Command.run("embed", "--model", model, "--attention", path, "--layers", "0", "x")
        #expect(zero.status == 64 && zero.errors.contains("'0'"), "\(zero.errors)")
        let list = try Command.run("embed", "--model", model, "--attention", path, "--heads", "3-1", "x")
        #expect(list.status == 64)
        // What is there and of another kind is not written over.
        let text = try folder.write("dear", to: "letter.txt")
        let other = try Command.run("embed", "--model", model, "--attention", text, "x")
        #expect(other.status == 64 && other.output.isEmpty)
        #expect(
            other.errors.contains(
                "--attention: expected a file ending in .safetensors, .html or .trace, found \(text)"),
            "\(other.errors)")
        #expect(try String(contentsOfFile: text, encoding: .utf8) == "dear")
        for (arguments, input) in [(["x", "y"], ""), ([], "x\ny\n")] {
            let page = try Command.run(
                ["embed", "--model", model, "--attention", folder.path("PAGE.HTML")] + arguments,
                input: Data(input.utf8))
            #expect(page.status == 64 && page.output.isEmpty == !arguments.isEmpty)
            #expect(
                page.errors.contains("--attention: expected one text, picture or sound for a page or trace, found 2"),
                "\(page.errors)")
        }
        let nowhere = try Command.run("embed", "--model", model, "--attention", "/no/such/w.safetensors", "x")
        #expect(nowhere.status == 65 && nowhere.output.isEmpty && nowhere.errors.contains("/no/such/"))
    }
}
