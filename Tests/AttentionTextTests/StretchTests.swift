import AttentionFiles
import AttentionText
import Testing

/// Text encoded stretch by stretch, from the cache or not, is text encoded at once.
@Suite struct StretchTests {
    private static let letters: [String] = [
        "a", "b", "The", "mill", "é", "e\u{301}", " ", " ", " ", "  ", "\u{301}", "\n", "\t", "\u{A0}", "\u{200B}",
        "\u{AD}", "日", "ς",
        "Ǆ", "ﬁ", "1", "23", ".", ",", "'s", "▁", "<s>", "[CLS]", "<mask>", "special", "\u{600}", "\u{37A}", "ı\u{307}",
        "İ", "\r\n", "\u{0}",
    ]

    private func text(_ generator: inout SplitMix) -> String {
        (0..<Int.random(in: 0...24, using: &generator)).map { _ in Self.letters.randomElement(using: &generator) ?? "" }
            .joined()
    }

    @Test(arguments: TokenizerFolder.all) func equalsTheWhole(_ folder: TokenizerFolder) throws {
        let tokenizer = try Tokenizer(folder: folder.path).limited(truncation: nil, padding: nil)
        var generator = SplitMix(state: 20_261)
        for _ in 0..<300 {
            let text = text(&generator)
            let whole = tokenizer.encodeWhole(text)
            #expect(tokenizer.encode(text) == whole, "\(text.debugDescription)")
            #expect(tokenizer.ids(of: text).map(Int.init) == whole.ids, "\(text.debugDescription)")
        }
    }

    /// Which tokenizers take the short cut: the test above would pass if none did.
    @Test(arguments: [
        ("wordpiece-added-tokens", true), ("byte-level-llama3", true), ("byte-level-o200k", true), ("unigram", true),
        ("bpe-bytes", false), ("sentencepiece-unigram", false),
    ]) func takesTheShortCut(_ name: String, _ expected: Bool) throws {
        #expect(try Tokenizer(folder: Fixtures.path("folders/\(name)")).encodesByStretches == expected)
    }

    @Test func aHundredThousandWords() throws {
        let tokenizer = try Tokenizer(folder: Fixtures.path("folders/wordpiece-added-tokens"))
        let text = String(repeating: "mill ", count: 100_000)
        #expect(tokenizer.ids(of: text, addingSpecialTokens: false).count == 100_000)
    }
}
