import AttentionText
import Testing

@Suite struct EncodingTests {
    @Test func piecesAreRemoved() {
        let whole = Encoding(
            ids: [7, 8, 9, 2], pieces: ["a", "b", "c", "</s>"], words: [0, 1, 2, nil], wordTexts: ["a", "b", "c"])
        let rest = whole.removing(1..<3)
        #expect(rest.ids == [7, 2] && rest.pieces == ["a", "</s>"] && rest.words == [0, nil])
        #expect(rest.wordTexts == whole.wordTexts && whole.removing(2..<2) == whole)
    }
}
