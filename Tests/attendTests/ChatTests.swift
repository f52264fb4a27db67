import Foundation
import Testing

/// `attend chat`, the form of texts, and Control-C in the middle of them, run as processes.
@Suite struct ChatTests {
    private static let model = TaskCommandTests.root + "continuations"
    private static let template =
        "{% for m in messages %}{{ m.role[0] }}{{ m.content }}.{% endfor %}{% if add_generation_prompt %}a{% endif %}"

    private func chat(_ input: String, _ options: [String]) throws -> Command {
        let folder = try TemporaryFolder()
        let template = try folder.write(Self.template, to: "template.jinja")
        return try Command.run(
            ["chat", "--model", Self.model, "--template", template] + options, input: Data(input.utf8))
    }

    @Test func linesAreAnswered() throws {
        let options = ["--regex", "[a-z]{4}", "--system", "x"]
        let found = try chat("sun\n\ncat\n/reset\nsun\n/quit\nnever\n", options)
        #expect(found.status == 0 && found.errors.isEmpty, "\(found.errors)")
        let lines = found.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == 4 && lines[0] == lines[2] && lines.prefix(3).allSatisfy { $0.count == 4 }, "\(found.output)")
        let json = try chat("sun\ncat\n", options + ["--json"])
        let answers = json.output.split(separator: "\n")
        #expect(answers.count == 2 && answers[0].hasPrefix(#"{"cached_tokens":0,"prompt_tokens":"#), "\(json.output)")
        #expect(answers[0].contains("\"text\":\"\(lines[0])\"") && !answers[1].hasPrefix(#"{"cached_tokens":0,"#))
    }

    /// What follows a call in the input is what the function gave.
    @Test func callsOfFunctionsAreAnswered() throws {
        let folder = try TemporaryFolder()
        let template = try folder.write(
            "{% if tools %}T{% endif %}{% for m in messages %}{{ m.role[0] }}{{ m.content }}.{% endfor %}a",
            to: "t.jinja")
        let tools = try folder.write(#"[{"type": "function", "function": {"name": "f"}}]"#, to: "tools.json")
        let options = ["chat", "--model", Self.model, "--template", template, "--tools", tools]
        let form = ["--regex", #"\{"name":"f","parameters":1\}"#]
        let found = try Command.run(options + form + ["--json"], input: Data("sun\n7\n/reset\nsun\n".utf8))
        let answers = found.output.split(separator: "\n")
        #expect(found.status == 0 && answers.count == 3 && answers[0] == answers[2], "\(found.errors)\(found.output)")
        #expect(
            answers.allSatisfy { $0.contains(#""tool_calls":[{"arguments":"1","name":"f"}]"#) }, "\(found.output)")
        let plain = try Command.run(options + form, input: Data("sun\n".utf8))
        #expect(plain.output == "{\"name\":\"f\",\"parameters\":1}\n")
        let none = try Command.run(
            [
                "chat", "--model", Self.model, "--template", try folder.write(Self.template, to: "n.jinja"), "--tools",
                tools,
            ])
        #expect(none.status == 65 && none.errors.contains("that tells the model of functions"), "\(none.errors)")
        let broken = try Command.run(options.dropLast() + [template], input: Data("x\n".utf8))
        #expect(broken.status == 65 && broken.errors.contains("attend: chat: tools: "), "\(broken.errors)")
    }

    @Test func textsHaveTheFormAskedFor() throws {
        let folder = try TemporaryFolder()
        let schema = try folder.write(
            #"{"type": "array", "items": {"enum": [1, 23]}, "minItems": 2, "maxItems": 2}"#, to: "s.json")
        let options = ["generate", "The cat", "--model", Self.model]
        let found = try Command.run(options + ["--json-schema", schema])
        #expect(
            found.output.firstMatch(of: /^\[(1|23), ?(1|23)\]\n$/) != nil && found.status == 0,
            "\(found.output)")
        let cut = try Command.run(options + ["--json-schema", schema, "--max-new-tokens", "1"])
        #expect(
            cut.errors
                == "attend: the text was cut off after 1 tokens, before it was whole; allow more with --max-new-tokens\n"
        )
        for (form, status, sentence) in [
            (["--regex", "a(?=b)"], 65, "attend: regex: expected a regular expression that needs no backtracking"),
            (["--json-schema", schema, "--regex", "a"], 64, "expected one of --json-schema and --regex, found both"),
            (["--json-schema", "/nowhere"], 65, "/nowhere"),
            (["--regex", "a[^\\s\\S]"], 65, "found one that none does; loosen it"),
            (
                ["--json-schema", try folder.write(#"{"type": "integer", "minimum": 2, "maximum": 1}"#, to: "i.json")],
                65,
                "constraint: expected a pattern or schema that some text fits, found one that none does"
            ),
            (["--json-schema", try folder.write(#"{"not": {}}"#, to: "o.json")], 65, "found \"not\" at #"),
        ] {
            let refused = try Command.run(options + form)
            #expect(refused.status == status && refused.errors.contains(sentence), "\(refused.errors)")
        }
    }

    @Test func headsAreLeftOut() throws {
        let (plain, without) = (try chat("sun\n", ["--json"]), try chat("sun\n", ["--json", "--ablate", "*.*"]))
        #expect(plain.status == 0 && without.status == 0 && plain.output != without.output, "\(without.errors)")
        let outside = try chat("sun\n", ["--ablate", "9.1"])
        #expect(
            outside.status == 65
                && outside.errors
                    == "attend: heads: expected heads that the model has, decoder 1.1 to 2.2, found 9.1\n",
            "\(outside.errors)")
    }

    @Test func refusals() throws {
        let none = try Command.run(["chat", "--model", Self.model], input: Data("x\n".utf8))
        #expect(none.status == 65 && none.errors.contains("give one with --template"), "\(none.errors)")
        let folder = try TemporaryFolder()
        for (template, sentence) in [
            ("{{ x", "line 1: expected a tag with its }}, found the end of the template"),
            ("{{ raise_exception('no') }}", "line 1: the template refuses the conversation: no"),
        ] {
            let path = try folder.write(template, to: "broken.jinja")
            let found = try Command.run(
                ["chat", "--model", Self.model, "--template", path], input: Data("x\n".utf8))
            #expect(found.status == 65 && found.errors.contains(path + ": " + sentence), "\(found.errors)")
        }
        let long = try chat(String(repeating: "x", count: 200) + "\n", [])
        #expect(long.status == 65 && long.errors.contains("for which the model was made"), "\(long.errors)")
    }

    // MARK: Control-C

    /// A folder whose model writes for as long as it is let.
    private func endless(_ fixture: String, _ folder: TemporaryFolder) throws -> String {
        let source =
            String(Self.model.prefix(upTo: try #require(Self.model.range(of: "AttentionTests/")).lowerBound))
            + "AttentionModelsTests/Fixtures/" + fixture
        let path = folder.path("model")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: source + "/model.safetensors", toPath: path + "/model.safetensors")
        let config = try String(contentsOfFile: source + "/config.json", encoding: .utf8)
            .replacingOccurrences(of: "\"max_position_embeddings\": 32", with: "\"max_position_embeddings\": 16000000")
        _ = try folder.write(config, to: "model/config.json")
        let words = (0..<30).map { "\"w\($0)\": \($0)" }.joined(separator: ", ")
        _ = try folder.write(
            """
            {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
             "decoder": null, "model": {"type": "WordLevel", "vocab": {\(words)}, "unk_token": "w0"}}
            """, to: "model/tokenizer.json")
        _ = try folder.write("{% for m in messages %}{{ m.content }} {% endfor %}", to: "model/chat_template.jinja")
        return path
    }

    /// What a command has written and how it ended, after Control-C in the middle of it.
    private func interrupted(_ arguments: [String], input: String = "", streams: Bool) throws -> (
        output: String, status: Int32
    ) {
        let process = Process()
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.executableURL = Command.executable
        process.arguments = arguments + ["--max-new-tokens", "15000000", "--ignore-generation-config", "--eos", "none"]
        (process.standardInput, process.standardOutput) = (standardInput, standardOutput)
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        var output = Data()
        if streams {
            output += standardOutput.fileHandleForReading.availableData
        } else {
            Thread.sleep(forTimeInterval: 2)
        }
        #expect(process.isRunning)
        process.interrupt()
        output += try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }

    @Test func interruptedTextsEndTheirLine() throws {
        let folder = try TemporaryFolder()
        let model = try endless("Pretrained/llama", folder)
        let generated = try interrupted(["generate", "w5 w6", "--model", model], streams: true)
        #expect(generated.status == 130 && generated.output.hasPrefix("w") && generated.output.hasSuffix("\n"))
        #expect(generated.output.filter { $0 == "\n" }.count == 1)
        let chatted = try interrupted(["chat", "--model", model], input: "w5 w6\n", streams: true)
        #expect(chatted.status == 130 && chatted.output.hasPrefix("w") && chatted.output.hasSuffix("\n"))
        let translator = try TemporaryFolder()
        let summarized = try interrupted(
            ["summarize", "w5 w6", "--model", try endless("EncoderDecoders/t5", translator)], streams: false)
        #expect(summarized.status == 130 && summarized.output.isEmpty)
    }
}
