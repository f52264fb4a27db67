import Attention
import AttentionFiles
import AttentionTensors
import Foundation
import Testing

/// `--attention FILE` on the commands that write texts, or read them from left to right.
@Suite struct WritingAttentionTests {
    private static let language = TaskCommandTests.root + "continuations"
    private static let prompt = "The cat sleeps"

    /// The tiny T5 among the fixtures, with words for its tokens.
    private func writer(in folder: TemporaryFolder) throws -> String {
        let source = TaskCommandTests.root + "../../../AttentionModelsTests/Fixtures/EncoderDecoders/t5/"
        try FileManager.default.createDirectory(
            atPath: folder.path("model"), withIntermediateDirectories: true)
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(atPath: source + name, toPath: folder.path("model/" + name))
        }
        let words = (0..<30).map { "\"w\($0)\": \($0)" }.joined(separator: ", ")
        _ = try folder.write(
            """
            {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
             "decoder": null, "model": {"type": "WordLevel", "vocab": {\(words)}, "unk_token": "w0"}}
            """, to: "model/tokenizer.json")
        return folder.path("model")
    }

    /// What stands in the notes of a file, a list for each row.
    private func pieces(_ name: String, _ file: SafetensorsFile) throws -> [[String]] {
        try JSONDecoding.decode(from: Array((file.metadata[name] ?? "").utf8))
    }

    /// The weights of a layer, [rows, heads, L, K]: each piece's sum to 1, and behind a row's pieces there is nothing.
    private func check(
        _ name: String, _ file: SafetensorsFile, from looking: String = "tokens", at looked: String = "tokens",
        heads: Int, isCausal: Bool = false
    ) throws {
        let (queries, keys) = (try pieces(looking, file).map(\.count), try pieces(looked, file).map(\.count))
        let (height, width) = (queries.max() ?? 0, keys.max() ?? 0)
        let weights = try file.tensor(named: name)
        #expect(weights.shape == [queries.count, heads, height, width], "\(name)")
        let values = weights.values
        for row in queries.indices {
            for head in 0..<heads {
                for query in 0..<height {
                    let start = ((row * heads + head) * height + query) * width
                    let shares = Array(values[start..<start + width])
                    #expect(abs(shares.reduce(0, +) - (query < queries[row] ? 1 : 0)) < 1e-5, "\(name)")
                    #expect(shares[(isCausal ? min(query + 1, keys[row]) : keys[row])...].allSatisfy { $0 == 0 })
                }
            }
        }
    }

    @Test func whatIsScoredLooksBack() throws {
        let folder = try TemporaryFolder()
        let (path, score) = (folder.path("weights.safetensors"), ["score", "--model", Self.language])
        let texts = [Self.prompt, "sun"]
        let plain = try Command.run(score + texts)
        let seen = try Command.run(score + ["--attention", path, "--layers", "2", "--heads", "2"] + texts)
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["attentions.1"] && file.metadata["layers"] == "[1]" && file.metadata["heads"] == "[1]")
        #expect(try pieces("tokens", file).count == 2 && pieces("tokens", file)[0].count == 3)
        try check("attentions.1", file, heads: 1, isCausal: true)
        // Tokens are read as the text is; a text without tokens looks at nothing.
        let tokens = try Command.run(score + ["--attention", path, "--input-ids", "259,271,279"])
        #expect(tokens.status == 0, "\(tokens.errors)")
        #expect(try SafetensorsFile(path: path).shape(of: "attentions.0") == [1, 2, 3, 3])
        let blank = try Command.run(score + ["--attention", path], input: Data("sun\n\nsun\n".utf8))
        #expect(blank.status == 0 && blank.output.filter { $0 == "\n" }.count == 3, "\(blank.errors)")
        #expect(try pieces("tokens", SafetensorsFile(path: path)).count == 2)
    }

    /// What was looked at while five tokens were written is what one pass over all of them sees.
    @Test func whatIsGeneratedLooksBack() throws {
        let folder = try TemporaryFolder()
        let (path, inputs, outputs) = (
            folder.path("weights.safetensors"), folder.path("in.safetensors"), folder.path("out.safetensors")
        )
        let generate = ["generate", "--model", Self.language, "--max-new-tokens", "5"]
        let plain = try Command.run(generate + [Self.prompt])
        let seen = try Command.run(generate + ["--attention", path, Self.prompt])
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        #expect(Set(file.names) == ["attentions.0", "attentions.1"])
        for name in file.names { try check(name, file, heads: 2, isCausal: true) }
        let ids = [259, 271, 279, 122, 35, 234, 265, 122]
        try Safetensors.write([try Safetensors.Entry("input_ids", ids, shape: [1, 8])], to: inputs)
        let forward = try Command.run(
            "forward", "--model", Self.language, "--inputs", inputs, "--outputs", outputs, "--attentions")
        #expect(forward.status == 0, "\(forward.errors)")
        let reference = try SafetensorsFile(path: outputs)
        for name in file.names {
            let (found, expected) = (try file.tensor(named: name), try reference.tensor(named: name))
            #expect(found.shape == expected.shape && found.shape == [1, 2, 8, 8])
            #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        // Behind nothing stands the token that begins texts.
        let blank = try Command.run(generate + ["--attention", path, "--eos", "none"], input: Data("\n".utf8))
        #expect(blank.status == 0, "\(blank.errors)")
        #expect(try pieces("tokens", SafetensorsFile(path: path)).map(\.count) == [6])
    }

    @Test func linesPagesAndTraces() throws {
        let folder = try TemporaryFolder()
        let generate = ["generate", "--model", Self.language, "--max-new-tokens", "5", "--beam", "3"]
        let lines = Data("The cat sleeps\nsun\n".utf8)
        let path = folder.path("weights.safetensors")
        let rows = try Command.run(generate + ["--json", "--attention", path], input: lines)
        #expect(try rows.status == 0 && rows.output == Command.run(generate + ["--json"], input: lines).output)
        #expect(try pieces("tokens", SafetensorsFile(path: path)).count == 2)
        try check("attentions.1", SafetensorsFile(path: path), heads: 2, isCausal: true)
        let page = folder.path("page.html")
        let drawn = try Command.run(generate + ["--attention", page, Self.prompt])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("\"beam\":{\"first\":3,"))
        let traced = try Command.run(
            generate + ["--attention", folder.path("x.trace"), "--heads", "2", Self.prompt])
        #expect(traced.status == 0, "\(traced.errors)")
        let trace = try ModelTrace(path: folder.path("x.trace"))
        #expect(trace.attention.map(\.kind) == [.decoder] && trace.attention[0].heads == [1])
        let both = try Command.run(generate + ["--attention", page], input: lines)
        #expect(both.status == 64 && both.output.filter { $0 == "\n" }.count >= 2)
        #expect(both.errors.contains("--attention: expected one text, picture or sound for a page or trace, found 2"))
    }

    /// The text looks at itself, what is written at what was, and at the text.
    @Test(arguments: ["summarize", "generate"]) func writersLookAtWhatTheyRead(_ command: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("weights.safetensors")
        let write = [
            command, "w5 w6 w7", "--model", try writer(in: folder), "--max-new-tokens", "4", "--eos", "none",
            "--ignore-generation-config",
        ]
        let plain = try Command.run(write)
        let seen = try Command.run(write + ["--attention", path])
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        let kinds = ["encoder", "decoder", "cross"]
        #expect(Set(file.names) == Set(kinds.flatMap { ["\($0)_attentions.0", "\($0)_attentions.1"] }))
        #expect(try pieces("places", file) == [["w5", "w6", "w7"]])
        let (written, read) = (try pieces("tokens", file)[0], try pieces("read", file)[0])
        #expect(written.count == 4 && read == ["w0"] + written.dropLast())
        for layer in 0...1 {
            try check("encoder_attentions.\(layer)", file, from: "places", at: "places", heads: 2)
            try check("decoder_attentions.\(layer)", file, at: "read", heads: 2, isCausal: true)
            try check("cross_attentions.\(layer)", file, at: "places", heads: 2)
        }
        let one = try Command.run(write + ["--attention", path, "--layers", "2", "--heads", "1"])
        #expect(one.status == 0, "\(one.errors)")
        #expect(try SafetensorsFile(path: path).shape(of: "cross_attentions.1") == [1, 1, 4, 3])
        let many = try Command.run(write + ["--attention", path, "--layers", "3"])
        #expect(many.status == 65 && many.output.isEmpty)
        #expect(many.errors == "attend: attention: expected layers from 1 to 2, found 3\n")
    }

    /// A row for each sentence.
    @Test func sentencesOfTranslations() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("weights.safetensors")
        let translate = ["translate", "--model", try TinyModel.folder.get().path, "--no-picture"]
        let texts = ["we like birds .", "I see trains ."]
        let plain = try Command.run(translate + texts)
        let seen = try Command.run(translate + ["--attention", path] + texts)
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        #expect(Set(file.names) == ["encoder_attentions.0", "decoder_attentions.0", "cross_attentions.0"])
        #expect(try pieces("tokens", file).count == 2)
        try check("encoder_attentions.0", file, from: "places", at: "places", heads: 2)
        try check("decoder_attentions.0", file, at: "read", heads: 2, isCausal: true)
        try check("cross_attentions.0", file, at: "places", heads: 2)
        // Blank lines have none.
        let lines = Data("we like birds .\n\nI see trains .\n".utf8)
        let read = try Command.run(translate + ["--attention", folder.path("lines.safetensors")], input: lines)
        #expect(read.status == 0, "\(read.errors)")
        let other = try SafetensorsFile(path: folder.path("lines.safetensors"))
        #expect(other.metadata == file.metadata)
        #expect(try other.tensor(named: "cross_attentions.0").values == file.tensor(named: "cross_attentions.0").values)
        let page = folder.path("page.html")
        #expect(try Command.run(translate + ["--attention", page, texts[0]]).status == 0)
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("oiseaux"))
        let both = try Command.run(translate + ["--attention", page], input: lines)
        #expect(both.status == 64)
        #expect(
            both.errors.contains("--attention: expected one sentence for a page or trace, found 2"), "\(both.errors)")
    }

    /// The last answer with all that was said before it.
    @Test func aConversation() throws {
        let folder = try TemporaryFolder()
        let template = try folder.write(
            "{% for m in messages %}{{ m.role[0] }}{{ m.content }}.{% endfor %}{% if add_generation_prompt %}a{% endif %}",
            to: "t.jinja")
        let path = folder.path("weights.safetensors")
        let chat = ["chat", "--model", Self.language, "--template", template, "--regex", "[a-z]{4}", "--json"]
        let said = Data("sun\ncat\n".utf8)
        let plain = try Command.run(chat, input: said)
        let seen = try Command.run(chat + ["--attention", path], input: said)
        #expect(seen.status == 0 && seen.output == plain.output, "\(seen.errors)")
        let file = try SafetensorsFile(path: path)
        #expect(Set(file.names) == ["attentions.0", "attentions.1"])
        for name in file.names { try check(name, file, heads: 2, isCausal: true) }
        let last = try #require(seen.output.split(separator: "\n").last)
        let answer = try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
        let before = try #require(answer["prompt_tokens"] as? Int)
        let tokens = try #require(answer["tokens"] as? [Int])
        #expect(try pieces("tokens", file).map(\.count) == [before + tokens.count])
        let page = try Command.run(chat + ["--attention", folder.path("page.html")], input: said)
        #expect(page.status == 0, "\(page.errors)")
        let silent = try Command.run(chat + ["--attention", folder.path("page.html")])
        #expect(silent.status == 64 && silent.output.isEmpty)
        #expect(silent.errors.contains("for a page or trace, found 0; nothing was read"), "\(silent.errors)")
        // What there is not is refused before anything is said.
        let many = try Command.run(chat + ["--attention", path, "--layers", "7"], input: said)
        #expect(many.status == 65 && many.output.isEmpty)
        #expect(many.errors == "attend: attention: expected layers from 1 to 2, found 7\n", "\(many.errors)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("dear", to: "letter.txt")
        let (page, weights) = (folder.path("page.html"), folder.path("weights.safetensors"))
        for command in [
            ["generate", "x", "--model", Self.language], ["score", "x", "--model", Self.language],
            ["summarize", "x", "--model", Self.language], ["chat", "--model", Self.language], ["translate", "x"],
        ] {
            let found = try Command.run(command + ["--attention", text])
            #expect(found.status == 64 && found.output.isEmpty)
            #expect(
                found.errors.contains(
                    "--attention: expected a file ending in .safetensors, .html or .trace, found \(text)"),
                "\(found.errors)")
            let lone = try Command.run(command + ["--layers", "1"])
            #expect(lone.status == 64 && lone.errors.contains("--layers: expected --attention FILE beside it"))
        }
        #expect(try String(contentsOfFile: text, encoding: .utf8) == "dear")
        for (arguments, sentence) in [
            (
                ["score", "--model", Self.language, "x", "y", "--attention", page],
                "--attention: expected one text, picture or sound for a page or trace, found 2"
            ),
            (
                ["summarize", "--model", Self.language, "x", "y", "--attention", page],
                "--attention: expected one text, picture or sound for a page or trace, found 2"
            ),
            (
                ["translate", "x", "y", "--attention", page],
                "--attention: expected one text, picture or sound for a page or trace, found 2"
            ),
            (
                ["generate", "--model", Self.language, "--input-ids", "1", "--attention", weights],
                "--attention: expected texts, and no --input-ids"
            ),
            (
                ["generate", "--model", Self.language, "x", "--heatmap", page, "--attention", weights],
                "--attention: expected texts, and no --input-ids"
            ),
            (
                ["translate", "--file", text, "--attention", weights],
                "--attention: expected TEXT or lines, without tags, found --file"
            ),
            (
                ["translate", "x", "--markup", "html", "--attention", weights],
                "--attention: expected TEXT or lines, without tags, found --markup"
            ),
        ] {
            let found = try Command.run(arguments)
            #expect(
                found.status == 64 && found.output.isEmpty && found.errors.contains(sentence),
                "\(arguments): \(found.errors)")
        }
    }
}
