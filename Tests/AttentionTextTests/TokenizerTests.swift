import AttentionFiles
import AttentionText
import Testing

@Suite struct TokenizerTests {
    @Test func wordsOfATranslation() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        let encoding = tokenizer.encode("Où est\u{A0} la gare ?")
        #expect(encoding.wordTexts == ["Où", "est", "la", "gare", "?"])
        #expect(encoding.words.last == .some(nil))
        #expect(Set(encoding.words.compactMap { $0 }) == [0, 1, 2, 3, 4])
        #expect(zip(encoding.words.dropLast(), encoding.words.dropLast().dropFirst()).allSatisfy { $0! <= $1! })
        #expect(encoding.pieces.first?.hasPrefix("▁") == true)
        #expect(encoding.pieces.last == "</s>")
    }

    @Test func noWordsInWhiteSpace() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        for text in ["", " ", " \t "] {
            let encoding = tokenizer.encode(text)
            #expect(encoding.wordTexts == [])
            #expect(encoding.words.allSatisfy { $0 == nil })
        }
    }

    @Test func groupsGeneratedIDs() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        let ids = tokenizer.encode("Tom's déjà là, 日 !").ids
        let encoding = tokenizer.decodeWords(ids)
        #expect(encoding.ids == ids)
        #expect(encoding.wordTexts == ["Tom's", "déjà", "là,", "日", "!"])
        #expect(encoding.words == tokenizer.encode("Tom's déjà là, 日 !").words)
        #expect(tokenizer.decodeWords([]) == Encoding(ids: [], pieces: [], words: [], wordTexts: []))
        #expect(tokenizer.decodeWords([2]).words == [nil])
    }

    @Test func joinsPunctuationToItsWord() throws {
        let tokenizer = try Fixtures.tokenizer("wordpiece")
        let ids = tokenizer.encode("Where are you, my love?").ids
        let encoding = tokenizer.decodeWords(ids)
        #expect(encoding.wordTexts.joined(separator: " ") == "where are you, my love?")
        #expect(encoding.words.first == .some(nil))
        #expect(encoding.words.compactMap { $0 }.max() == 4)
    }

    @Test func looksUpPieces() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        #expect(tokenizer.count == 600)
        #expect(tokenizer.id(of: "</s>") == 2)
        #expect(tokenizer.piece(of: 2) == "</s>")
        #expect(tokenizer.isSpecial(2))
        #expect(!tokenizer.isSpecial(300))
        #expect(tokenizer.id(of: "no such piece") == nil)
        #expect(tokenizer.piece(of: 600) == nil)
        #expect(tokenizer.piece(of: -1) == nil)
        for id in 0..<tokenizer.count {
            #expect(tokenizer.piece(of: id).flatMap(tokenizer.id) == id)
        }
    }

    /// All that normalisation leaves comes back, but for one space at the beginning, which ▁ stands for.
    @Test func decodingUndoesEncoding() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let text = randomText(using: &generator)
            let normalized = NFKC().normalize(AlignedText(text)).string
            let expected =
                normalized.unicodeScalars.first == " " ? String(normalized.unicodeScalars.dropFirst()) : normalized
            #expect(tokenizer.decode(tokenizer.encode(text).ids).scalarValues == expected.scalarValues)
        }
    }

    private func randomText(using generator: inout some RandomNumberGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            let limit: UInt32 = [0x80, 0x250, 0x3000, 0x110000].randomElement(using: &generator) ?? 0x80
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) else { continue }
            if scalar != "▁" && scalar != "<" { scalars.append(scalar) }
        }
        return String(scalars)
    }

    @Test(arguments: ReferenceTests.names) func longWords(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for unit in ["a", "ab", "e\u{301}", "\u{323}", "日", " ", "<"] {
            let text = String(repeating: unit, count: 100_000 / unit.unicodeScalars.count)
            let encoding = tokenizer.encode(text)
            #expect(encoding.ids.count <= 300_003)
            #expect(encoding.words.allSatisfy { $0 == nil || $0 == 0 })
        }
    }

    @Test func ignoresUnknownIDs() throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        let ids = tokenizer.encode("Hello").ids
        #expect(tokenizer.decode([-5, 99_999, .max] + ids + [.min]) == "Hello")
    }

    @Test func copiesShareNothingVisible() async throws {
        let tokenizer = try Fixtures.tokenizer("translation")
        let expected = tokenizer.encode("Every task gets the same ids.")
        await withTaskGroup(of: Encoding.self) { group in
            for _ in 0..<50 { group.addTask { tokenizer.encode("Every task gets the same ids.") } }
            for await encoding in group { #expect(encoding == expected) }
        }
    }

    @Test func keepsPiecesThatStringsConfuse() throws {
        let model = #"{"model": {"type": "BPE", "merges": [], "vocab": {"\u00e9": 1, "e\u0301": 2}}}"#
        let tokenizer = try Tokenizer(json: Array(model.utf8))
        #expect(tokenizer.id(of: "\u{E9}") == 1)
        #expect(tokenizer.id(of: "e\u{301}") == 2)
    }
}
