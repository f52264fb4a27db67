import AttentionText
import Testing

@Suite struct TextCleanerTests {
    @Test(arguments: [
        ("I am hungry.", "I am hungry."), ("I am\thungry.", "I am hungry."), ("\tI am hungry.", "I am hungry."),
        ("I am\u{3000}hungry.", "I am hungry."), ("I am\u{A0}hungry.", "I am hungry."),
        ("  I  am   hungry.  ", "I am hungry."),
        ("hun\u{AD}gry", "hungry"), ("hun\u{200B}gry", "hungry"), ("\u{FEFF}I am", "I am"),
        ("I\u{2060} am\u{200E}", "I am"),
        ("a\u{0}b\u{7}c", "abc"), ("a\u{1E}b", "a b"), ("a\r\nb", "a b"), ("", ""), (" \u{200B} ", ""),
        ("\u{FE0F}a", "a"),
        ("a\u{200D}b", "ab"), ("❤️", "❤️"), ("👩‍💻", "👩‍💻"), ("1️⃣ x", "1️⃣ x"), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"), ("😀 \u{FE0F}b", "😀 b"),
        ("نمی‌خواهم", "نمی‌خواهم"),
    ])
    func cleaned(_ text: String, _ expected: String) {
        let result = TextCleaner.clean(text)
        #expect(
            result.unicodeScalars.elementsEqual(expected.unicodeScalars),
            "\(text.debugDescription) → \(result.debugDescription)")
        #expect(TextCleaner.clean(result).unicodeScalars.elementsEqual(result.unicodeScalars))
    }
}
