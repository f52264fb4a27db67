import AttentionInspection
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("station", 7), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("ｈｉ", 4), ("한국", 4),
        ("ᄒ\u{1161}\u{11AB}", 2),
        ("👩‍👩‍👧", 2), ("🇫🇷", 2), ("👍🏽", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("नमस्ते", 4), ("שלום", 4), ("a\u{200B}b", 2),
        ("…", 1), ("█", 1), ("co\u{AD}op", 4),
    ])
    func columns(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func fitting() {
        #expect("station".fitted(to: 7, ellipsis: "…") == "station")
        #expect("station".fitted(to: 6, ellipsis: "…") == "stati…")
        #expect("日本語".fitted(to: 4, ellipsis: "…") == "日…")
        #expect("station".fitted(to: 1, ellipsis: "…") == "…")
        #expect("station".fitted(to: 0, ellipsis: "…") == "")
    }

    @Test func fittedTextFits() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let word = generator.hostileWord().visible
            let width = Int.random(in: 0...8, using: &generator)
            #expect(word.fitted(to: width, ellipsis: "…").displayWidth <= width)
        }
    }
}
