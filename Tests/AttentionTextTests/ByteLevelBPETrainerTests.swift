import AttentionText
import Testing

@Suite struct ByteLevelBPETrainerTests {
    private static let texts = [
        "low low low lower lowest\nnewer newer wider", "a tale of low towers — naïve, 2 × 3\t\u{1F600}",
    ]

    @Test(arguments: [257, 280, 400]) func everyTextComesBack(_ size: Int) throws {
        let tokenizer = try ByteLevelBPETrainer(vocabularySize: size).train(on: Self.texts)
        #expect(tokenizer.count <= size)
        let again = try Tokenizer(json: tokenizer.json())
        for text in Self.texts + ["", " ", "\r\n\n  x", "Ω never seen 漢字"] {
            let ids = tokenizer.ids(of: text).map(Int.init)
            #expect(tokenizer.decode(ids) == text)
            #expect(again.encode(text).ids == ids)
        }
    }

    @Test func withoutMergesIdsAreBytes() throws {
        let tokenizer = try ByteLevelBPETrainer(vocabularySize: 257).train(on: Self.texts)
        let text = "naïve \u{1F600}\n"
        #expect(tokenizer.ids(of: text).map { Int($0) - 1 } == text.utf8.map(Int.init))
        #expect(tokenizer.id(of: ByteLevelBPETrainer.endOfText) == 0 && tokenizer.isSpecial(0))
    }

    @Test func whatIsFrequentBecomesOnePiece() throws {
        let tokenizer = try ByteLevelBPETrainer(vocabularySize: 300).train(on: Self.texts)
        #expect(tokenizer.id(of: "Ġlow") != nil && tokenizer.ids(of: " low").count == 1)
        #expect(throws: TokenizerError.vocabularyTooSmall(requested: 256, needed: 257)) {
            try ByteLevelBPETrainer(vocabularySize: 256).train(on: Self.texts)
        }
    }
}
