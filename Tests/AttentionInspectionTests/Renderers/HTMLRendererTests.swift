import AttentionInspection
import FoundationEssentials
import Testing

@Suite struct HTMLRendererTests {
    func map(_ word: String = "b", chosen: HeadIndex? = nil) throws -> AlignmentMap {
        try AlignmentMap(
            name: "toy", source: ["a", word], target: [word],
            weights: [[[[0.2, 0.8]], [[1, 0]]], [[[0, 1]], [[0, 1]]]],
            headNames: ["left", "right"], chosen: chosen)
    }

    @Test func theTableStandsWithoutScripts() throws {
        let page = HTMLRenderer().render(try map(chosen: HeadIndex(layer: 0, head: 0)))
        #expect(
            page.contains(
                """
                <thead><tr><td></td><th scope="col"><span><bdi>a</bdi></span></th><th scope="col"><span><bdi>b</bdi></span></th></tr></thead>
                <tbody>
                <tr><th scope="row"><bdi>b</bdi></th><td style="--shade:0.25" title="a → b: 0.2"></td><td style="--shade:1" title="b → b: 0.8"></td></tr>
                </tbody>
                """))
    }

    @Test func offersLayersAndHeads() throws {
        let page = HTMLRenderer().render(try map(chosen: HeadIndex(layer: 1, head: 0)))
        #expect(
            page.contains(
                "<select id=\"layer\"><option value=\"0\">1</option><option value=\"1\" selected>2</option>"
                    + "<option value=\"mean\">mean of all</option></select>"))
        #expect(page.contains("<option value=\"0\" selected>left</option><option value=\"1\">right</option>"))
        let mean = HTMLRenderer().render(try map())
        #expect(mean.contains("<option value=\"mean\" selected>mean of all</option>"))
    }

    @Test func oneHeadNeedsNoMenu() throws {
        let map = try AlignmentMap(name: "", source: ["a"], target: ["x"], weights: [[[[1]]]])
        let page = HTMLRenderer().render(map)
        #expect(!page.contains("<select id"))
        #expect(page.contains("<input type=\"hidden\" id=\"head\" value=\"0\">"))
        #expect(page.contains("<title>Alignment</title>"))
    }

    @Test func reachesForNothingOutside() throws {
        let page = HTMLRenderer().render(try map())
        #expect(page.contains("content=\"default-src 'none';"))
        // The one address is the name of the SVG namespace.
        let addresses = page.split(separator: "://").count - 1
        #expect(addresses == 1 && page.contains("\"http://www.w3.org/2000/svg\""))
        for word in ["src=", "href=", "@import", "url(", "fetch(", "import("] { #expect(!page.contains(word)) }
    }

    @Test func wordsStayWords() throws {
        let attack = "</script></title><script>alert(1)</script><img src=x onerror=\"alert(1)\">' --> <!--"
        let page = HTMLRenderer().render(try map(attack))
        #expect(page.split(separator: "</script", omittingEmptySubsequences: false).count == 3)
        #expect(page.split(separator: "<script", omittingEmptySubsequences: false).count == 3)
        #expect(!page.contains("<img") && !page.contains("<!--"))
        #expect(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39; --&gt; &lt;!--"))
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func anyWordsKeepThePageWhole(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<4).map { _ in generator.hostileWord() }
        let target = (0..<3).map { _ in generator.hostileWord() }
        let map = try generator.map(layers: 1, heads: 2, source: source, target: target)
        let page = HTMLRenderer().render(map)

        let data = try #require(page.between("<script type=\"application/json\" id=\"map\">", "</script>"))
        #expect(data == "\n" + JSONRenderer().render(map))
        for (start, end) in [("<section id=\"links\"", "</section>"), ("<table", "</table>")] {
            let part = try #require(page.between(start, end))
            // A boolean attribute is the one thing in which this part of the page differs from XML.
            let element = (start + part + end).replacing(" hidden>", with: ">")
            #expect(XMLChecker.isWellFormed(element))
        }
    }
}

extension String {
    /// What stands between the first `start` and the next `end`.
    fileprivate func between(_ start: String, _ end: String) -> String? {
        guard let opening = firstRange(of: start), let closing = self[opening.upperBound...].firstRange(of: end)
        else { return nil }
        return String(self[opening.upperBound..<closing.lowerBound])
    }
}
