import Attention
import Testing

/// Markup kept in translation, with the model inside the program.
@Suite struct TranslatorMarkupTests {
    private static let translator = Result { try Translator.standard() }

    private func translate(_ html: String) throws -> String { try Self.translator.get().translate(html, as: .html) }

    /// Whether every tag is closed by its own, and tags are nested.
    private func isBalanced(_ html: String) -> Bool {
        var open: [String] = []
        for piece in html.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "/" }
            if name == "br" || name.isEmpty { continue }
            if name.hasPrefix("/") {
                guard open.popLast() == String(name.dropFirst()) else { return false }
            } else {
                open.append(String(name))
            }
        }
        return open.isEmpty
    }

    @Test func tagsFollowTheirWords() throws {
        let html = try translate("Where is the <b>nearest</b> train <a href=\"x?a=1&b=2\">station</a>?")
        #expect(html == "Où est la <a href=\"x?a=1&b=2\">gare</a> <b>la plus proche</b> ?")
    }

    @Test func whatIsNoTextStays() throws {
        let html = try translate(
            "<p>Open <code>config.json</code> first.</p><script>var a = 1 < 2;</script><p>Good morning!</p>")
        #expect(html.contains("<code>config.json</code>"), "\(html)")
        #expect(html.contains("<script>var a = 1 < 2;</script><p>") && html.hasPrefix("<p>") && html.hasSuffix("</p>"))
    }

    @Test(arguments: [
        "<p>I <b>love</b> you.</p>", "<b>Everything</b> is <i>very <u>good</u></i>.", "a <b>b <i>c</b> d</i> e",
        "<ul><li>One <b>cat<li>Two</b> dogs</ul>", "Tom &amp; Jerry <b></b> are 3 < 4.",
        "<b>The whole sentence is bold.</b>",
        "<b>One. Two.</b> Three.", "", "<br>", "no markup at all",
    ])
    func tagsAreBalanced(_ html: String) throws {
        let found = try translate(html)
        #expect(
            isBalanced(found.replacing("<li>", with: "").replacing("<p>", with: "").replacing("</p>", with: "")),
            "\(found)")
    }

    @Test func documentsInXML() throws {
        let xml = """
            <?xml version="1.0"?>
            <strings><s id="1">Good <g id="x">morning</g>!</s><s.2/><!-- <s>no</s> -->
            <s><![CDATA[a < b]]></s></strings>
            """
        let found = try Self.translator.get().translate(xml, as: .xml)
        let expected = xml.replacing("Good <g id=\"x\">morning</g>!", with: "")
        let (before, after) = ("<s id=\"1\">", "</s><s.2/>")
        let start = try #require(found.firstRange(of: before))
        let end = try #require(found.firstRange(of: after))
        #expect(found[..<start.upperBound] + found[end.lowerBound...] == expected, "\(found)")
        let own = found[start.upperBound..<end.lowerBound]
        #expect(own.contains("<g id=\"x\">") && own.contains("</g>") && own.contains("Bon"), "\(own)")
    }

    @Test func aWholeSentenceStaysWhole() throws {
        let html = try translate("<b>The cat sleeps.</b>")
        #expect(html.hasPrefix("<b>") && html.hasSuffix(".</b>") && html.split(separator: "<b>").count == 1, "\(html)")
        #expect(try translate("Tom &amp; I").contains("&amp;"))
    }
}
