import AttentionEvaluation
import Testing

@Suite struct BLEUTokenizerTests {
    @Test func equalsSacreBLEU() throws {
        for expected in try SacreBLEUFixtures.load().tokens {
            #expect(BLEUTokenizer.mteval13a.tokenize(expected.line) == expected.mteval13a)
            #expect(BLEUTokenizer.international.tokenize(expected.line) == expected.international)
        }
    }

    @Test func theOthersFollowWhiteSpace() {
        #expect(BLEUTokenizer.none.tokenize("  Don't,  split\u{A0}me. ") == "Don't, split me.")
        #expect(BLEUTokenizer.character.tokenize("a b\u{E9}.") == "a b é .")
    }
}
