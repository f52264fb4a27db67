import Foundation
import Testing

@Suite struct TranslateTests {
    private var model: String { get throws { try TinyModel.folder.get().path } }

    @Test func sentencesAndTheirPicture() throws {
        let command = try Command.run("translate", "we like birds .", "--model", model)
        #expect(command.status == 0, "\(command.errors)")
        let lines = command.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "nous oiseaux aime .")
        for word in ["we", "like", "birds", "nous", "oiseaux", "aime"] { #expect(command.output.contains(word)) }
        #expect(lines.count > 6)
        #expect(command.errors.isEmpty)
    }

    @Test func linesInLinesOut() throws {
        let command = try Command.run(
            "translate", "--model", model, input: Data("they hear dogs .\n\nI see trains .".utf8))
        #expect(command.output == "ils chiens entends .\n\nje trains vois .\n")
        #expect(command.status == 0)
    }

    @Test func batchOfOneAndOfMany() throws {
        let texts = TinyModel.pairs.prefix(9).map { String($0.split(separator: "\t")[0]) }
        let together = try Command.run(["translate", "--no-picture", "--model", model] + texts)
        let alone = try texts.map { try Command.run("translate", "--no-picture", "--model", model, $0).output }
        #expect(together.output == alone.joined())
    }

    @Test(arguments: ["exact", "float32", "bfloat16", "int8"])
    func everyPrecision(_ precision: String) throws {
        let command = try Command.run("translate", "we like birds .", "--model", model, "--precision", precision)
        #expect(command.output.hasPrefix("nous oiseaux aime .\n"))
    }

    @Test func hardAlignmentAndHypotheses() throws {
        let command = try Command.run(
            "translate", "we like birds .", "--model", model, "--alignment", "hard", "--n-best", "3")
        let lines = command.output.split(separator: "\n")
        #expect(lines.count == 6)
        let links = try #require(lines.dropFirst().first).split(separator: " ")
        #expect(links.allSatisfy { $0.split(separator: "-").compactMap { Int($0) }.count == 2 })
    }

    @Test func json() throws {
        let command = try Command.run("translate", "we like birds .", "--model", model, "--json")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect(object["text"] as? String == "nous oiseaux aime .")
        let rows = try #require(object["alignment"] as? [[Double]])
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 4 })
    }

    @Test func heatmapFiles() throws {
        let folder = try TemporaryFolder()
        for ending in ["svg", "html", "json"] {
            let path = folder.path("map." + ending)
            let command = try Command.run("translate", "we like birds .", "--model", model, "--heatmap", path)
            #expect(command.status == 0)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("oiseaux"))
        }
    }

    @Test func wrongOptionsAreUsageErrors() throws {
        for (arguments, sentence) in [
            (["--beam", "0"], "--beam: expected 1 to 200, found 0"),
            (["--n-best", "6"], "--n-best: expected 1 to the beam of 5, found 6"),
            (["--heatmap", "map.pdf"], "--heatmap: expected a file ending in .svg, .html or .json, found map.pdf"),
            (["--threads", "0"], "--threads: expected 1 to 1024, found 0"),
            (["--precision", "in8"], "Please provide one of 'exact', 'float32', 'bfloat16' or 'int8'"),
            (["--no-such-option"], "Unknown option '--no-such-option'"),
        ] {
            let command = try Command.run(["translate", "a"] + arguments)
            #expect(command.status == 64)
            #expect(command.errors.contains(sentence), "\(command.errors)")
            #expect(command.output.isEmpty)
        }
    }

    @Test func wrongModelsAreDataErrors() throws {
        let folder = try TemporaryFolder()
        let missing = try Command.run("translate", "a", "--model", folder.path("nothing"))
        #expect(missing.status == 65)
        #expect(missing.errors.contains("expected a folder with config.json, model.safetensors and tokenizer.json"))

        try FileManager.default.copyItem(atPath: model, toPath: folder.path("truncated"))
        let weights = folder.path("truncated/model.safetensors")
        try Data(contentsOf: URL(fileURLWithPath: weights)).dropLast(100).write(to: URL(fileURLWithPath: weights))
        let truncated = try Command.run("translate", "a", "--model", folder.path("truncated"))
        #expect(truncated.status == 65)
        #expect(truncated.errors.contains("model.safetensors"))

        try FileManager.default.copyItem(atPath: model, toPath: folder.path("misshapen"))
        let configuration = folder.path("misshapen/config.json")
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"feedForwardSize\" : 64", with: "\"feedForwardSize\" : 65").utf8)
            .write(to: URL(fileURLWithPath: configuration))
        let misshapen = try Command.run("translate", "a", "--model", folder.path("misshapen"))
        #expect(misshapen.status == 65)
        #expect(misshapen.errors.contains("expected [65, 32], found [64, 32]"), "\(misshapen.errors)")
    }

    @Test func badLinesAreAnsweredAndCounted() throws {
        var input = Data("we like birds .\n".utf8)
        input += Data([0x66, 0xFF, 0x66, 0x0A])
        input += Data(String(repeating: "birds ", count: 17_000).utf8) + Data("\nI see trains .\n".utf8)
        let command = try Command.run("translate", "--model", model, input: input)
        #expect(command.output == "nous oiseaux aime .\n\n\nje trains vois .\n")
        #expect(command.status == 65)
        #expect(command.errors.contains("line 2:"))
        #expect(command.errors.contains("line 3: translate: expected a sentence of at most 512 pieces"))
    }
}
