import AttentionFiles
import AttentionText
import Testing

/// Tokenizers of GGUF files are those of the files they were made of (scripts/make-gguf-fixtures.py).
@Suite struct GGUFTokenizerTests {
    private static let models =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/AttentionModelsTests/Fixtures/GGUF/"

    @Test(arguments: [("llama", "byte-level-llama3"), ("llama-k", "sentencepiece-bpe-bytes")])
    func idsAreTheReferences(_ model: String, _ folder: String) throws {
        let tokenizer = try Tokenizer(folder: Self.models + model + "/model.gguf")
        let folder = try #require(TokenizerFolder.all.first { $0.path.hasSuffix(folder) })
        let reference = try Tokenizer(folder: folder.path)
        // The reference composes characters, which Llama's files do not say.
        let cases = try folder.lines("cases.jsonl").map { $0["text"].text }.filter { text in
            model != "llama" || !text.unicodeScalars.contains { $0.properties.canonicalCombiningClass != .notReordered }
        }
        #expect(cases.count > 20)
        for text in cases {
            let ids = tokenizer.encode(text, recognizingSpecialTokens: false).ids
            let expected = reference.encode(text, recognizingSpecialTokens: false).ids
            #expect(ids == expected, "\(text.debugDescription)")
            #expect(tokenizer.decode(ids) == reference.decode(expected))
        }
    }

    @Test func templatesAreKept() throws {
        let file = try GGUFFile(path: Self.models + "llama/model.gguf")
        #expect(file.chatTemplate == "{% for message in messages %}{{ message.content }}{% endfor %}")
        #expect(try Tokenizer.isIn(file) && !Tokenizer.isIn(GGUFFile(path: Self.models + "qwen2/model.gguf")))
    }

    @Test func otherTokenizersAreNamed() throws {
        var bytes = try FileContents.read(Self.models + "llama/model.gguf")
        let place = try #require(bytes.firstRange(of: Array("llama-bpe".utf8)))
        bytes.replaceSubrange(place, with: Array("llama-xyz".utf8))
        let error = #expect(throws: TokenizerError.self) { try Tokenizer(GGUFFile(bytes, source: "FILE")) }
        #expect(
            error?.description.hasPrefix("tokenizer: expected a pre-tokenizer among deepseek-r1-qwen, gpt-2, ") == true
                && error?.description.contains(#"found "llama-xyz""#) == true)
        let none = #expect(throws: TokenizerError.self) {
            try Tokenizer(GGUFFile(path: Self.models + "qwen2/model.gguf"))
        }
        #expect(none?.description.contains("expected gpt2 or llama as tokenizer.ggml.model in ") == true)
    }
}
