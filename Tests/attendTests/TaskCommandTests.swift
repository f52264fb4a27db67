import Foundation
import Testing

/// The commands on texts, run as processes on the tiny folders of the tasks' tests.
@Suite struct TaskCommandTests {
    static let root =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/AttentionTests/Fixtures/Tasks/"

    /// What a command says to arguments, and to the same as lines of standard input.
    private func answer(_ command: String, _ model: String, _ texts: [String], _ options: [String] = []) throws
        -> String
    {
        let common = [command, "--model", Self.root + model] + options
        let arguments = try Command.run(common + ["--"] + texts)
        #expect(arguments.status == 0, "\(arguments.errors)")
        let lines = try Command.run(common, input: Data((texts.joined(separator: "\n") + "\n").utf8))
        #expect(lines.status == 0 && lines.output == arguments.output, "\(lines.errors)")
        return arguments.output
    }

    @Test func everyTaskAnswers() throws {
        let texts = ["The cat sleeps.", "A dog runs."]
        #expect(try answer("embed", "vectors", texts).split(separator: "\n").count == 2)
        #expect(
            try answer("embed", "vectors", texts, ["--json", "--prompt", "query"]).contains(
                #"],"text":"The cat sleeps."}"#))
        #expect(try answer("classify", "classes", texts, ["--top", "3"]).split(separator: "\n").count == 6)
        #expect(try answer("tag", "names", texts, ["--json"]).split(separator: "\n").count == 2)
        #expect(
            try answer("fill-mask", "words", ["The [MASK] sleeps."], ["--top", "2"]).split(separator: "\n").count == 2)
        #expect(try answer("answer", "answers", ["Who sleeps?"], ["--context", "The cat sleeps."]).contains("\t0."))
        let ranked = try Command.run(["rerank", "--model", Self.root + "pairs", "Who sleeps?"] + texts)
        #expect(ranked.output.split(separator: "\n").count == 2, "\(ranked.errors)")
        let likeness = try Command.run(["similarity", "--model", Self.root + "vectors", texts[0]] + texts)
        #expect(
            likeness.output.hasPrefix("1\tThe cat sleeps.\n") || likeness.output.hasPrefix("1.0"), "\(likeness.output)")
    }

    @Test func aContextMayBeAFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("The cat sleeps.", to: "context.txt")
        let arguments = ["answer", "--model", Self.root + "answers", "--context"]
        let fromFile = try Command.run(arguments + [file, "Who sleeps?"])
        #expect(fromFile.output == (try Command.run(arguments + ["The cat sleeps.", "Who sleeps?"])).output)
        let none = try Command.run(arguments + [folder.path("contxt.txt"), "Who sleeps?"])
        #expect(
            none.errors
                == "attend: there is no file \(folder.path("contxt.txt")); the name itself was taken for the context\n")
        let directory = try Command.run(arguments + [folder.root, "Who sleeps?"])
        #expect(directory.status == 65 && directory.errors.contains("Is a directory"), "\(directory.errors)")
    }

    @Test func linesBeforeABadOneAreAnswered() throws {
        let found = try Command.run(
            ["classify", "--model", Self.root + "classes"], input: Data("The cat sleeps.\n".utf8) + [0x63, 0xE9, 0x0A])
        let alone = try Command.run("classify", "--model", Self.root + "classes", "The cat sleeps.")
        #expect(found.status == 65 && found.output == alone.output && !alone.output.isEmpty, "\(found)")
        #expect(found.errors.hasPrefix("attend: standard input, line 2:"), "\(found.errors)")
    }

    @Test func refusals() throws {
        let missing = try Command.run("embed", "--model", "/nowhere", "x")
        #expect(missing.status == 65)
        #expect(
            missing.errors.hasPrefix(
                "attend: model: expected a folder with config.json and model.safetensors at /nowhere;"))
        let other = try Command.run("classify", "--model", Self.root + "words", "x")
        #expect(other.status == 65)
        #expect(other.errors.contains("expected a model with a head for classes of texts in"))
        #expect(other.errors.hasSuffix("\nhint: such a model is for attend fill-mask\n"), "\(other.errors)")
        // What makes texts short is no translator, though of the same build.
        let writer = try Command.run(
            "translate", "x", "--model", Self.root + "../../../AttentionModelsTests/Fixtures/EncoderDecoders/bart")
        #expect(writer.status == 65)
        #expect(
            writer.errors.hasSuffix("\nhint: such a model is for attend generate and summarize\n"), "\(writer.errors)")
        let mask = try Command.run("fill-mask", "--model", Self.root + "words", "No place")
        #expect(
            mask.errors == "attend: fill-mask: expected [MASK] where a word is left out, found none in \"No place\"\n")
        let latin1 = try Command.run(["classify", "--model", Self.root + "classes"], input: Data([0x63, 0xE9, 0x0A]))
        #expect(latin1.status == 65 && latin1.errors.hasPrefix("attend: standard input, line 1:"))
    }
}
