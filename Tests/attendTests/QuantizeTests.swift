import Foundation
import Testing

/// `attend quantize`, run as a process on tiny folders of each kind, and what it writes put to use.
@Suite struct QuantizeTests {
    private static let gguf =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/AttentionModelsTests/Fixtures/GGUF/"

    private func quantize(_ model: String, _ output: String, _ text: String, bits: Int) throws -> [Substring] {
        let found = try Command.run(
            "quantize", model, "--output", output, "--bits", "\(bits)", "--text", text)
        #expect(found.status == 0, "\(found.errors)")
        return found.output.split(whereSeparator: \.isWhitespace)
    }

    @Test(arguments: [8, 4])
    func everyKindIsMeasuredAndUsed(_ bits: Int) throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("The cat sleeps.\nA dog runs.\n", to: "text")
        let decoder = try quantize(
            TaskCommandTests.root + "continuations", folder.path("decoder"), text, bits: bits)
        #expect(decoder[0] == "perplexity" && abs(Double(decoder[3]) ?? 99) < 20, "\(decoder)")
        let generated = try Command.run(
            "generate", "The cat", "--model", folder.path("decoder"), "--max-new-tokens", "3", "--json")
        #expect(generated.status == 0 && generated.output.contains("sequences"), "\(generated.errors)")

        let encoder = try quantize(TaskCommandTests.root + "vectors", folder.path("encoder"), text, bits: bits)
        #expect(encoder[0] == "cosine" && (0.9...1).contains(Double(encoder[1]) ?? 0), "\(encoder)")
        #expect(try Command.run("embed", "--model", folder.path("encoder"), "a").status == 0)

        let words = try quantize(TaskCommandTests.root + "words", folder.path("words"), text, bits: bits)
        #expect(words[0] == "cosine")
        #expect(try Command.run("fill-mask", "--model", folder.path("words"), "The [MASK] sleeps.").status == 0)

        let pairs = try folder.write("we like birds .\tnous oiseaux aime .\n", to: "pairs")
        let translator = try quantize(
            try TinyModel.folder.get().path, folder.path("translator"), pairs, bits: bits)
        #expect(translator[0] == "perplexity" && abs(Double(translator[3]) ?? 99) < 20, "\(translator)")
        #expect(try Command.run("translate", "we like birds .", "--model", folder.path("translator")).status == 0)

        // A GGUF file becomes a folder with its tokenizer and its template.
        let file = try quantize(Self.gguf + "llama/model.gguf", folder.path("gguf"), text, bits: bits)
        #expect(file[0] == "perplexity" && abs(Double(file[3]) ?? 99) < 60, "\(file)")
        let (own, first) = (
            try Command.run(["tokenize", "--model", folder.path("gguf")], input: Data("The cat's 12\n".utf8)),
            try Command.run(
                ["tokenize", "--model", Self.gguf + "llama/model.gguf"], input: Data("The cat's 12\n".utf8))
        )
        #expect(own.status == 0 && own.output == first.output, "\(own.errors)")
        #expect(try Command.run("model", "info", folder.path("gguf")).output.contains(bits == 8 ? "q8_0" : "q4_0"))
    }

    /// What each layer costs, how far attention moves, and a choice of layers within a budget.
    @Test func layersAreChosenWithinABudget() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let pairs = try folder.write(TinyModel.pairs.prefix(8).joined(separator: "\n") + "\n", to: "pairs")
        func lines(_ output: String, _ arguments: [String]) throws -> [[Substring]] {
            let found = try Command.run(
                ["quantize", model, "--output", folder.path(output), "--bits", "4", "--text", pairs] + arguments)
            #expect(found.status == 0, "\(found.errors)")
            return found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        }
        let all = try lines("all", ["--report"])
        try #require(all.count > 4)
        #expect(all[0] == ["layer", "bytes", "loss alone", "stored as"])
        #expect(!FileManager.default.fileExists(atPath: folder.path("all/.attention-trial")))
        let layers = all.dropFirst().prefix { $0[0] != "perplexity" }
        #expect(layers.map { $0[0] } == ["embedding", "encoder.0", "decoder.0"], "\(all)")
        #expect(layers.allSatisfy { $0[3] == "q4_0" })
        let rest = all.suffix(4)
        #expect(rest.map { $0[0] } == ["perplexity", "attention drift", "seconds", "bytes"], "\(all)")
        let drift = try #require(Double(Array(rest)[1][1]))
        #expect(drift > 0 && drift < 1)
        let bytes = try #require(Int(Array(rest)[3][2]))
        #expect(bytes < (try #require(Int(Array(rest)[3][1]))))

        let loss = try #require(Double(Array(rest)[0][3].split(separator: " ")[0]))
        let careful = try lines("careful", ["--maximum-loss", "\(max(0.5, loss / 2))"])
        let less = try #require(Double(careful[0][3].split(separator: " ")[0]))
        #expect(less <= max(0.5, loss / 2), "\(careful) \(loss)")
        #expect(try Command.run("translate", "we like birds .", "--model", folder.path("careful")).status == 0)

        let without = try Command.run("quantize", model, "--output", folder.path("x"), "--bits", "4", "--report")
        #expect(without.status == 64 && without.errors.contains("expected --text"), "\(without.errors)")
        let impossible = try Command.run(
            "quantize", model, "--output", folder.path("x"), "--bits", "4", "--text", pairs, "--maximum-loss", "0")
        #expect(
            impossible.status == 0 || impossible.errors.contains("quantize: expected a loss of at most 0.0 %"),
            "\(impossible.errors)")
    }

    @Test func filesOfGGUFAreUsedWhereFoldersAre() throws {
        let model = Self.gguf + "llama/model.gguf"
        let info = try Command.run("model", "info", model)
        #expect(info.status == 0 && info.output.hasPrefix("architecture    LlamaForCausalLM\n"), "\(info.errors)")
        let generated = try Command.run("generate", "The cat", "--model", model, "--max-new-tokens", "3", "--json")
        #expect(generated.status == 0 && generated.output.contains("sequences"), "\(generated.errors)")
        #expect(try Command.run("score", "The cat sleeps.", "--model", model).status == 0)
    }

    @Test func wrongUseIsTold() throws {
        let folder = try TemporaryFolder()
        let model = TaskCommandTests.root + "continuations"
        for (arguments, status, sentence) in [
            (["--bits", "3"], Int32(64), "--bits: expected 8 or 4, found 3"),
            (["--bits", "4", "--group", "64"], 64, "--group: expected 32, found 64"),
            (["--bits", "8", "--text", folder.path("none")], 65, "read: could not read \(folder.path("none"))"),
            (["--bits", "8", "--text", "/dev/null"], 65, "found "),
        ] {
            let found = try Command.run(["quantize", model, "--output", folder.path(arguments.joined())] + arguments)
            #expect(found.status == status && found.errors.contains(sentence), "\(arguments): \(found.errors)")
        }
        let first = try Command.run("quantize", model, "--output", folder.path("twice"), "--bits", "8")
        #expect(first.status == 0 && first.output.isEmpty)
        let second = try Command.run("quantize", model, "--output", folder.path("twice"), "--bits", "8")
        #expect(second.status == 65 && second.errors.contains("config.json"), "\(second.errors)")
        let damaged = try folder.write("GGUF", to: "x.gguf")
        for command in ["score", "generate"] {
            let found = try Command.run(command, "a", "--model", damaged)
            #expect(found.status == 65 && found.errors.contains("gguf: expected "), "\(found.status) \(found.errors)")
        }
    }

    /// A file whose numbers, or whose model, are of a kind that nobody has heard of.
    @Test func unknownKindsOfGGUFAreNamed() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: URL(filePath: Self.gguf + "llama/model.gguf"))
        func refusal(_ change: (inout Data) throws -> Void) throws -> Command {
            var bytes = whole
            try change(&bytes)
            try bytes.write(to: URL(filePath: folder.path("changed.gguf")))
            return try Command.run("generate", "a", "--model", folder.path("changed.gguf"))
        }
        // Numbers of a type that is known and not read here (24 is I8), and of one that is nobody's.
        for (type, expected, found) in [
            (24, "numbers of F32, ", "I8"), (99, "a type of ggml's as that of token_embd.weight in ", "type 99"),
        ] as [(UInt8, String, String)] {
            let numbers = try refusal { bytes in
                // Behind the name: the number of axes, the axes (8 bytes each), and the type.
                let name = try #require(bytes.range(of: Data("token_embd.weight".utf8)))
                bytes[name.upperBound + 4 + 8 * Int(bytes[name.upperBound])] = type
            }
            #expect(numbers.status == 65, "\(numbers.errors)")
            #expect(
                numbers.errors.hasPrefix("attend: gguf: expected \(expected)")
                    && numbers.errors.contains("token_embd.weight in ") && numbers.errors.contains("found \(found)"),
                "\(numbers.errors)")
        }
        let model = try refusal { bytes in
            let key = try #require(bytes.range(of: Data("general.architecture".utf8)))
            // Behind the key: the type (4 bytes), the length (8 bytes), and the text.
            bytes.replaceSubrange(key.upperBound + 12..<key.upperBound + 17, with: Data("xlama".utf8))
        }
        #expect(model.status == 65 && model.errors.contains("xlama"), "\(model.errors)")
    }
}
