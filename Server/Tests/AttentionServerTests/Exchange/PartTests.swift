import AttentionJSON
import AttentionServer
import NIOCore
import Testing

/// Keys, base64 and forms.
@Suite struct PartTests {
    @Test func keys() {
        let keys = APIKeys(["secret", "k"])
        #expect(keys.isNeeded && !APIKeys().isNeeded)
        for key in ["secret", "k"] { #expect(keys.admits(key)) }
        for key in ["", "secre", "secrets", "secrft", "kk", "secretsecret"] { #expect(!keys.admits(key), "\(key)") }
        #expect(!APIKeys([""]).admits(""))
    }

    /// The examples of RFC 4648, section 10.
    @Test func base64() {
        for (text, wanted) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            #expect(Base64.text(of: Array(text.utf8)) == wanted)
        }
    }

    @Test func forms() throws {
        let fields = try RequestFields(form: ByteBuffer(string: "q=a+b%26c&empty=&lone&q=caf%C3%A9"))
        #expect(try fields.string("q") == "café")
        #expect(try fields.string("empty") == "")
        #expect(try fields.string("lone") == "")
        #expect(try fields.string("other") == nil)
        for broken in ["q=%", "q=%4", "q=%zz", "q=%ff"] {
            #expect(throws: RouteError.self) { try RequestFields(form: ByteBuffer(string: broken)) }
        }
    }

    @Test(arguments: [
        ("plain", ["plain"], "PLAIN"), ("<b>a</b> c", ["a", "c"], "<b>A</b> C"),
        ("1 < 2 &amp; 3 > 2", ["1", "< 2 & 3 > 2"], "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<a href='x>y'> word\n</a>", ["word"], "<a href='x>y'> WORD\n</a>"),
        (
            "<!-- no > no --><script>if (a < b) x</SCRIPT >yes", ["yes"],
            "<!-- no > no --><script>if (a < b) x</SCRIPT >YES"
        ),
        ("&#233;&#xE9;&nbsp;x &unknown; &", ["éé\u{A0}x &unknown; &"], "ÉÉ\u{A0}X &amp;UNKNOWN; &amp;"),
        ("<unfinished", ["<unfinished"], "&lt;UNFINISHED"),
        ("  \n<br>", [], "  \n<br>"), ("", [], ""), ("<", ["<"], "&lt;"), ("<!-- open", ["<!-- open"], "&lt;!-- OPEN"),
    ]) func pages(_ html: String, _ words: [String], _ changed: String) {
        let page = HTMLText(html)
        #expect(page.words == words)
        #expect(page.with(words.map { $0.uppercased() }) == changed)
    }
}
