import AttentionText
import Testing

@Suite struct InvariantTests {
    /// What is found, each with its kind.
    private func found(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return Invariant.all(in: text).map { invariant in
            #expect(String(String.UnicodeScalarView(scalars[invariant.range])) == invariant.text)
            return "\(invariant.kind): \(invariant.text)"
        }
    }

    @Test(
        arguments: [
            ("See https://example.com/a_b?c=d&e=1#x.", ["url: https://example.com/a_b?c=d&e=1#x"]),
            ("(see http://a.org/x_(y)).", ["url: http://a.org/x_(y)"]),
            ("Go to www.example.co.uk, now!", ["url: www.example.co.uk"]),
            ("It is on example.com/docs/ today", ["url: example.com/docs/"]), ("<https://a.io>", ["url: https://a.io"]),
            ("mailto:me@a.fr", ["url: mailto:me@a.fr"]),
            ("Write to first.last+tag@mail.example.org.", ["email: first.last+tag@mail.example.org"]), ("me@home", []),
            ("Run `ls -la` or ``a`b``.", ["code: `ls -la`", "code: ``a`b``"]), ("one ` alone", []),
            (
                "Hello {name}, {0:.2f} {{ x }} {} {user.id}",
                [
                    "placeholder: {name}", "placeholder: {0:.2f}", "placeholder: {{ x }}", "placeholder: {}",
                    "placeholder: {user.id}",
                ]
            ),
            ("{not a placeholder}", []),
            (
                "Hi %s, %1$d %.2f %(name)s %{n} %@ %USER%",
                [
                    "placeholder: %s", "placeholder: %1$d", "placeholder: %.2f", "placeholder: %(name)s",
                    "placeholder: %{n}", "placeholder: %@", "placeholder: %USER%",
                ]
            ),
            ("100% sure, 5 %", []),
            ("$HOME ${x} $(date) $5", ["placeholder: $HOME", "placeholder: ${x}", "placeholder: $(date)"]),
            ("Dear [FIRST_NAME]", ["placeholder: [FIRST_NAME]"]), ("see [1] and [a]", []),
            (
                "two <b>cats</b> and <a href=\"x y\">b</a><br/>",
                ["tag: <b>", "tag: </b>", "tag: <a href=\"x y\">", "tag: </a>", "tag: <br/>"]
            ),
            ("a < b and c > d, x<y and z>w", []), ("a <!-- no --> b", ["tag: <!-- no -->"]),
            ("Thanks @tom_b!", ["handle: @tom_b"]), ("I love #Swift and #42", ["hashtag: #Swift", "hashtag: #42"]),
            ("# Title", []),
            ("I love you 😀❤️ ok 👩‍💻", ["emoji: 😀❤️", "emoji: 👩‍💻"]), ("# 1 *", []),
            ("Open report_final.pdf and photo.JPG.", ["identifier: report_final.pdf", "identifier: photo.JPG"]),
            (
                "The file /etc/hosts, ./run.sh and ~/a",
                ["identifier: /etc/hosts", "identifier: ./run.sh", "identifier: ~/a"]
            ),
            ("C:\\Users\\tom", ["identifier: C:\\Users\\tom"]), ("and/or, he/she, 24/7", []),
            (
                "Call getName() with my_var and maxValue",
                ["identifier: getName()", "identifier: my_var", "identifier: maxValue"]
            ),
            ("use --force or -f", ["identifier: --force", "identifier: -f"]), ("well-known, co-op, a - b", []),
            ("Version v1.2 or 1.2.3 on 10.0.0.1", ["identifier: v1.2", "identifier: 1.2.3", "identifier: 10.0.0.1"]),
            ("3.14 and 1,234.5", []),
            ("The A380, COVID-19 and ISO9001", ["identifier: A380", "identifier: COVID-19", "identifier: ISO9001"]),
            ("Call 555-123-4567 on 2026-11-29", ["identifier: 555-123-4567", "identifier: 2026-11-29"]),
            ("Take 829010994, not 1987 or 12,345", ["identifier: 829010994"]), ("10-20 or 3-4", []),
            ("my_list[0] and MAX_SIZE[i].", ["identifier: my_list[0]", "identifier: MAX_SIZE[i]"]),
            ("1st 20km 1990s 3pm", []), ("e.g. the U.S. at 5 p.m. etc.", []), ("Hello, world. How are you?", []),
            ("", []),
        ] as [(String, [String])])
    func recognised(_ text: String, _ expected: [String]) {
        #expect(found(text) == expected, "\(text)")
    }

    @Test(
        .timeLimit(.minutes(3)),
        arguments: ["`", "<", "<a", "{", "a.", "@", "a@", "http://", "%", "$", "(", "😀", "a-", "1", "_", "[A"])
    func linearTime(_ unit: String) {
        _ = Invariant.all(in: String(repeating: unit, count: 10_000))
    }
}
