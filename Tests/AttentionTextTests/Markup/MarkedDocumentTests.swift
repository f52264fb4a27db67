import AttentionText
import Testing

@Suite struct MarkedDocumentTests {
    /// The texts of a document.
    private func texts(_ html: String) -> [MarkedText] {
        MarkedDocument(html, .html).parts.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
    }

    @Test func inlineElementsAreRemembered() throws {
        let text = try #require(texts("A <b>very <i class='x'>big</i></b> cat.").first)
        #expect(text.plain == "A very big cat.")
        #expect(text.elements.map(\.opening) == ["<b>", "<i class='x'>"])
        #expect(text.elements.map(\.range) == [2..<10, 7..<10] && text.elements.map(\.parent) == [nil, 0])
        #expect(text.path(to: text.element(at: 8)) == [0, 1] && text.element(at: 0) == nil)
    }

    @Test func blocksPartTexts() {
        let parts = MarkedDocument("<div><p>One.</p>\n<ul><li>Two <b>three<br>four</b></ul>", .html).parts
        let expected = ["<div><p>", "One.", "</p>", "\n", "<ul><li>", "Two three", "<br>", "four", "</ul>"]
        let found = parts.map { part in
            switch part {
            case .verbatim(let text): text
            case .text(let text): text.plain
            }
        }
        #expect(found == expected)
        #expect(texts("Two <b>three<br>four</b> five").map { $0.elements.map(\.range) } == [[4..<9], [0..<4]])
    }

    @Test func whatMustStayStays() throws {
        let text = try #require(
            texts("Run <code>ls -l &lt;x></code> or <span translate=\"no\">Foo <b>x</b></span>.").first)
        #expect(text.plain == "Run {1} or {2}.")
        #expect(text.kept.map(\.text) == ["<code>ls -l &lt;x></code>", "<span translate=\"no\">Foo <b>x</b></span>"])
        #expect(texts("{1} <code>x</code>")[0].plain == "{1} {2}")
        #expect(MarkedDocument("<script>a < b; x</script>", .html).parts == [.verbatim("<script>a < b; x</script>")])
    }

    @Test func referencesAreRead() {
        #expect(texts("caf&eacute; &amp; &#8364;5 &#xE9; &nope; &")[0].plain == "café & €5 é &nope; &")
        #expect(MarkupForm.html.escaped("a < b & c > d\u{A0}e") == "a &lt; b &amp; c &gt; d&nbsp;e")
    }

    @Test(arguments: ["a < b", "<", "<b", "</", "<b x='", "a <> b", "<!--", "<3", "&", "&;", "&#;", "&#x110000;"])
    func whatIsNoTagIsText(_ html: String) {
        #expect(texts(html).map(\.plain) == [html])
    }

    @Test func tagsThatDoNotMatch() throws {
        let text = try #require(texts("a <b>c <i>d</b> e</i> f").first)
        #expect(text.plain == "a c d e f")
        #expect(text.elements.map(\.range) == [2..<5, 4..<5])
    }

    // MARK: XML

    private func parts(_ xml: String) -> [String] {
        MarkedDocument(xml, .xml).parts.map { part in
            switch part {
            case .verbatim(let text): "[" + text + "]"
            case .text(let text): text.plain
            }
        }
    }

    @Test func namesOfXMLAreWhatTheyAre() throws {
        guard case .text(let text) = MarkedDocument("Un <é:B.c-1 x='>'>mot <B/>ici</é:B.c-1>.", .xml).parts.first else {
            Issue.record("expected a text")
            return
        }
        #expect(text.plain == "Un mot ici." && text.elements.map(\.opening) == ["<é:B.c-1 x='>'>"])
        #expect(text.elements.map(\.closing) == ["</é:B.c-1>"] && text.marks.map(\.text) == ["<B/>"])
        #expect(text.elements.map(\.range) == [3..<10] && text.marks.map(\.place) == [7])
        // Capital and small letters are two: what was never opened closes nothing.
        #expect(parts("a <b>c</B> d</b>") == ["a c d"])
    }

    @Test func textBesideAnElementMakesItAPartOfTheText() {
        #expect(
            parts("<doc>\n <p>One <b>two</b>.</p>\n</doc>") == [
                "[<doc>]", "\n ", "[<p>]", "One two.", "[</p>]", "\n", "[</doc>]",
            ])
        #expect(parts("<r><a>One</a><a>Two</a></r>") == ["[<r><a>]", "One", "[</a><a>]", "Two", "[</a></r>]"])
    }

    @Test func whatIsNoTextOfXMLStays() {
        let head = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY p \"x\">]>"
        #expect(parts(head + "<r><![CDATA[a < <b>]]></r>") == ["[" + head + "<r><![CDATA[a < <b>]]></r>]"])
        #expect(parts("Buy &prod; &amp; <![CDATA[<x>]]> &#233;") == ["Buy {1} & {2} é"])
        #expect(parts("a<!-- x -->b") == ["ab"])
        #expect(parts("<r><s translate=\"no\">a <b/></s></r>") == ["[<r><s translate=\"no\">a <b/></s></r>]"])
        #expect(MarkupForm.xml.escaped("a\u{A0}<") == "a&#160;&lt;")
    }

    @Test(arguments: [
        "a < b", "<", "<1>", "</", "<b x='", "<!--", "<![CDATA[", "<?", "&", "&;", "&nbsp", "<!DOCTYPE a [",
    ])
    func whatIsNoTagOfXMLIsText(_ xml: String) {
        #expect(parts(xml) == [xml])
    }
}
