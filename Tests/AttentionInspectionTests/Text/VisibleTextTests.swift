import AttentionInspection
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("\u{1B}[31mred", "␛[31mred"), ("a\nb\tc", "a␊b␉c"), ("\u{0}\u{7F}", "␀␡"),
        ("\u{9B}2J", "\u{FFFD}2J"), ("x\u{202E}y\u{2069}", "xy"), ("", "∅"), ("\u{202E}", "∅"), ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\r\n", "␍␊"), ("\u{2028}", "␤"), ("\u{FFFE}", "\u{FFFD}"),
    ])
    func commandsNothing(text: String, shown: String) {
        #expect(text.visible == shown)
    }

    @Test func isolatesRightToLeftWords() {
        #expect("שלום".isolated == "\u{2068}שלום\u{2069}")
        #expect("gare".isolated == "gare")
    }

    @Test func escapesMarkup() {
        #expect("<a href=\"x\">&'\u{1}".escapedMarkup == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;␁")
    }
}
