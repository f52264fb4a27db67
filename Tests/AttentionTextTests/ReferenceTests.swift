import AttentionFiles
import AttentionText
import Testing

/// Whole tokenizers against the reference, on texts with every kind of oddity.
@Suite struct ReferenceTests {
    static let names = [
        "translation", "wordpiece", "byte-level", "unigram", "unigram-bytes", "word-suffix", "llama-like",
        "metaspace-first",
    ]

    private func cases(_ name: String) throws -> [JSONValue] {
        let cases = try Fixtures.json("cases.json")["cases"][name].elements
        try #require(cases.count > 60)
        return cases
    }

    @Test(arguments: names) func encodes(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for item in try cases(name) {
            let encoding = tokenizer.encode(item["text"].text)
            #expect(encoding.ids == item["ids"].elements.map(\.int), "\(item["text"].text.debugDescription)")
            let bare = tokenizer.encode(item["text"].text, addingSpecialTokens: false)
            #expect(bare.ids == item["bare"].elements.map(\.int), "\(item["text"].text.debugDescription)")
        }
    }

    @Test(arguments: names) func decodes(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for item in try cases(name) {
            let ids = item["ids"].elements.compactMap(\.int)
            #expect(tokenizer.decode(ids).scalarValues == item["decoded"].text.scalarValues)
            let whole = tokenizer.decode(ids, skippingSpecialTokens: false)
            #expect(whole.scalarValues == item["whole"].text.scalarValues)
        }
    }

    /// The reference's offsets tell the word of each piece that is more than white space.
    @Test(arguments: ["translation", "wordpiece", "byte-level", "unigram"]) func alignsWords(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        var compared = 0
        for item in try cases(name) {
            let encoding = tokenizer.encode(item["text"].text)
            for (index, expected) in item["words"].elements.map(\.int).enumerated() where expected != nil {
                compared += 1
                // A special token that is spelt out in the text has no word. An unknown piece of a word has: it is spelt as the text
                // spells it, so that only a piece of the vocabulary's spelling is a token spelt out.
                let piece = encoding.pieces[index]
                let isSpeltOut =
                    tokenizer.isSpecial(encoding.ids[index]) && item["text"].text.contains(piece)
                    && piece == tokenizer.piece(of: encoding.ids[index])
                #expect(
                    encoding.words[index] == (isSpeltOut ? nil : expected),
                    "\(piece) of \(item["text"].text.debugDescription)")
            }
        }
        #expect(compared > 300)
    }

    @Test(arguments: names) func survivesWriting(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let again = try Tokenizer(json: tokenizer.json())
        #expect(again.json() == tokenizer.json())
        #expect(again.count == tokenizer.count)
        for item in try cases(name) {
            #expect(again.encode(item["text"].text) == tokenizer.encode(item["text"].text))
        }
    }
}
