import AttentionFiles
import Testing

@Suite struct TextLinesTests {
    @Test(
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a", ""]), ("a\nb", ["a", "b"]),
            ("a\r\nb\r\n", ["a", "b"]), ("a\r\n\r\nb", ["a", "", "b"]), ("a\rb\n", ["a\rb"]), ("\r\n", [""]),
            ("\u{FEFF}a\nb\n", ["a", "b"]), ("\u{FEFF}", []), ("a\n\u{FEFF}b", ["a", "\u{FEFF}b"]),
            ("é\u{2028}ü\r\n→", ["é\u{2028}ü", "→"]),
        ] as [(String, [String])])
    func lines(text: String, lines: [String]) {
        // Scalar by scalar: strings that are equal may be written otherwise.
        #expect(TextLines.of(text).map { Array($0.unicodeScalars) } == lines.map { Array($0.unicodeScalars) })
    }
}
