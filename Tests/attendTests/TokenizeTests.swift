import Foundation
import Testing

@Suite struct TokenizeTests {
    /// A tokenizer's folder beside the tests of AttentionText.
    private func folder(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.path + "/AttentionTextTests/Fixtures/folders/" + name
    }

    private func run(_ arguments: String..., input: String) throws -> Command {
        try Command.run(["tokenize"] + arguments, input: Data(input.utf8))
    }

    private func objects(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func cases(_ name: String) throws -> [[String: Any]] {
        try objects(String(contentsOfFile: folder(name) + "/cases.jsonl", encoding: .utf8))
    }

    @Test(arguments: ["wordpiece-added-tokens", "truncate-longest", "unigram-bytes", "sentencepiece-unigram"])
    func equalsTheReference(_ name: String) throws {
        let cases = try cases(name).filter { $0["add_special_tokens"] == nil }
        let lines = try cases.map { item in
            let text: Any = item["text"] ?? ""
            let value: Any = item["pair"].map { [text, $0] } ?? text
            return String(
                decoding: try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed), as: UTF8.self)
        }
        let command = try run(
            "--model", folder(name), "--json", "--json-input", input: lines.joined(separator: "\n") + "\n")
        #expect(command.status == 0, "\(command.errors)")
        let found = try objects(command.output)
        try #require(found.count == cases.count)
        for (object, item) in zip(found, cases) {
            for field in ["ids", "tokens", "offsets", "word_ids", "type_ids", "special_tokens_mask", "attention_mask"] {
                guard let expected = item[field] as? NSArray else { continue }
                #expect(object[field] as? NSArray == expected, "\(field) of \(item["text"] ?? "")")
            }
            #expect((object["overflowing"] as? NSArray)?.count == (item["overflowing"] as? NSArray)?.count ?? 0)
        }
    }

    @Test func withoutSpecialTokens() throws {
        let name = "wordpiece-added-tokens"
        for item in try cases(name).prefix(8) where item["add_special_tokens"] != nil {
            let text = try #require(item["text"] as? String)
            let command = try run("--model", folder(name), "--json", "--no-special-tokens", input: text + "\n")
            let found = try #require(try objects(command.output).first, "\(command.errors)")
            #expect(found["ids"] as? NSArray == item["ids"] as? NSArray)
        }
    }

    @Test func textBack() throws {
        let name = "byte-level-llama3"
        let cases = try cases(name)
        let lines = cases.map { ($0["ids"] as? [Int] ?? []).map(String.init).joined(separator: " ") + "\n" }.joined()
        for (flags, field) in [([], "decode"), (["--skip-special-tokens"], "decode_skip_special")] {
            let command = try Command.run(
                ["tokenize", "--model", folder(name), "--decode"] + flags, input: Data(lines.utf8))
            let texts = command.output.split(separator: "\n").map {
                try? JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed) as? String
            }
            try #require(texts.count == cases.count)
            for (text, item) in zip(texts, cases) where item[field] != nil {
                #expect(text.map { Array($0.utf8) } == (item[field] as? String).map { Array($0.utf8) })
            }
        }
    }

    @Test func batchesAreFilledUp() throws {
        let command = try run(
            "--model", folder("truncate-longest"), "--json", "--batch", input: "a\nThe river runs slowly past.\n")
        let lengths = try objects(command.output).map { ($0["ids"] as? NSArray)?.count }
        #expect(lengths.count == 2 && lengths[0] == lengths[1])
    }

    @Test func idsOrPieces() throws {
        let ids = try run("--model", folder("wordpiece-added-tokens"), input: "the mill\n\n")
        #expect(ids.output.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
        let pieces = try run("--model", folder("wordpiece-added-tokens") + "/tokenizer.json", "--pieces", input: "the")
        #expect(pieces.output == "[CLS] the [SEP]\n")
    }

    /// Texts may be arguments instead; then nothing is read from standard input.
    @Test func textsAsArguments() throws {
        let model = ["--model", folder("wordpiece-added-tokens")]
        func tokenize(_ arguments: [String]) throws -> Command {
            try Command.run(["tokenize"] + arguments, input: Data("not this\n".utf8))
        }
        let lines = try Command.run(["tokenize"] + model, input: Data("the mill\n\nthe\n".utf8))
        let arguments = try tokenize(["the mill", ""] + model + ["the"])
        #expect(arguments.status == 0 && arguments.output == lines.output, "\(arguments.errors)")
        let batch = try tokenize(model + ["--batch", "--pieces", "the", "the"])
        #expect(batch.output == "[CLS] the [SEP]\n[CLS] the [SEP]\n")
        let pair = try tokenize(model + ["--json-input", "--pieces", "[\"the\", \"the\"]"])
        #expect(pair.output == "[CLS] the [SEP] the [SEP]\n")
        let text = try tokenize(
            model + [
                "--decode", "--skip-special-tokens", lines.output.split(separator: "\n").last.map(String.init) ?? "",
            ])
        #expect(text.output == "\"the\"\n")
        let wrong = try tokenize(model + ["--json-input", "\"a\"", "[1]"])
        #expect(wrong.status == 65)
        #expect(
            wrong.errors
                == "attend: text 2: expected a JSON string, or an array of a text and its pair, found an array\n")
    }

    @Test func answersStayInStep() throws {
        let command = try run(
            "--model", folder("wordpiece-added-tokens"), "--json", "--json-input", input: "\"a\"\n[1]\n\"b\"\n")
        #expect(command.status == 65)
        let lines = command.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[1] == "null")
        #expect(
            command.errors
                == "attend: line 2: expected a JSON string, or an array of a text and its pair, found an array\n")
    }

    @Test func refusals() throws {
        let missing = try run("--model", "/no/such", input: "")
        #expect(missing.status == 65)
        #expect(
            missing.errors.hasPrefix("attend: tokenizer: expected one of tokenizer.json, vocab.txt, "),
            "\(missing.errors)")
        let decode = try run("--model", folder("unigram"), "--decode", "--batch", input: "")
        #expect(decode.status == 64 && decode.errors.contains("--decode: expected none of --pieces"))
        let skip = try run("--model", folder("unigram"), "--skip-special-tokens", input: "")
        #expect(skip.status == 64 && skip.errors.contains("--no-special-tokens"))
        let word = try run("--model", folder("unigram"), "--decode", input: "1 x\n")
        #expect(word.status == 65 && word.output == "null\n")
        #expect(word.errors == "attend: line 1: expected whole numbers from 0 with spaces between them, found \"x\"\n")
    }
}
