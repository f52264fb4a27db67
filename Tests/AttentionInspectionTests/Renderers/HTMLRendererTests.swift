import AttentionInspection
import FoundationEssentials
import Testing

@Suite struct HTMLRendererTests {
    private func trace(_ word: String = "b") throws -> ModelTrace {
        ModelTrace(
            try AlignmentMap(
                name: "toy", source: ["a", word], target: [word],
                weights: [[[[0.2, 0.8]], [[1, 0]]], [[[0, 1]], [[0, 1]]]], chosen: HeadIndex(layer: 0, head: 0)))
    }

    @Test func theTableStandsWithoutScripts() throws {
        let page = HTMLRenderer().render(try trace())
        #expect(
            page.contains(
                """
                <thead><tr><td></td><th scope="col"><bdi>a</bdi></th><th scope="col"><bdi>b</bdi></th></tr></thead>
                <tbody>
                <tr><th scope="row"><bdi>b</bdi></th><td style="--shade:0.25"></td><td style="--shade:1"></td></tr>
                """))
    }

    @Test func numbersAreFloat16() throws {
        let page = HTMLRenderer().render(try trace())
        let text = try #require(page.between("id=\"weights-alignment\">", "</script>"))
        let bytes = try #require(Data(base64Encoded: text))
        let halves = stride(from: 0, to: bytes.count, by: 2).map {
            Float(Float16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))
        }
        let expected: [Float] = [0.2, 0.8, 1, 0, 0, 1, 0, 1]
        #expect(zip(halves, expected).allSatisfy { abs($0 - $1) < 5e-4 } && halves.count == 8)
    }

    @Test func aSentenceIsSmall() throws {
        let page = HTMLRenderer().render(try trace())
        #expect(page.utf8.count < 120_000)
    }

    @Test func reachesForNothingOutside() throws {
        let page = HTMLRenderer().render(try trace())
        #expect(page.contains("content=\"default-src 'none';"))
        // The one address is the name of the SVG namespace.
        let addresses = page.split(separator: "://").count - 1
        #expect(addresses == 1 && page.contains("\"http://www.w3.org/2000/svg\""))
        for word in ["src=", "href=", "@import", "url(", "fetch(", "import(", "XMLHttpRequest"] {
            #expect(!page.contains(word))
        }
    }

    @Test func wordsStayWords() throws {
        let attack = "</script></title><script>alert(1)</script><img src=x onerror=\"alert(1)\">' --> <!--"
        let page = HTMLRenderer().render(try trace(attack))
        // The trace, the weights, the module.
        #expect(page.split(separator: "</script", omittingEmptySubsequences: false).count == 4)
        #expect(page.split(separator: "<script", omittingEmptySubsequences: false).count == 4)
        #expect(!page.contains("<img") && !page.contains("<!--"))
    }

    @Test func twoSideBySide() throws {
        let page = HTMLRenderer().render(try trace(), beside: try trace("</template><script>c"))
        // Each side is whole and waits for its frame; the tables stand without scripts.
        #expect(page.split(separator: "<template data-title=\"left: toy\">").count == 2)
        #expect(page.split(separator: "<template data-title=\"right: toy\">").count == 2)
        #expect(page.split(separator: "</template>", omittingEmptySubsequences: false).count == 3)
        #expect(page.split(separator: "id=\"weights-alignment\">").count == 3)
        #expect(page.split(separator: "<div class=\"still\"><table>").count == 3)
        // A trace and its weights on either side, the script of the frames, the script around them.
        #expect(page.split(separator: "</script", omittingEmptySubsequences: false).count == 7)
        #expect(page.contains("<title>toy</title>") && page.contains("content=\"default-src 'none';"))
        #expect(page.utf8.count < 150_000)
        for word in ["src=", "href=", "@import", "url(", "fetch(", "import("] { #expect(!page.contains(word)) }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func anyWordsKeepThePageWhole(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<4).map { _ in generator.hostileWord() }
        let target = (0..<3).map { _ in generator.hostileWord() }
        let trace = ModelTrace(try generator.map(layers: 1, heads: 2, source: source, target: target))
        let page = HTMLRenderer().render(trace)
        let data = try #require(page.between("<script type=\"application/json\" id=\"trace\">", "</script>"))
        let document = try JSONDecoder().decode(PageDocument.self, from: Data(data.utf8))
        #expect(document.labels == [source, target].map { $0.map(\.visible) })
        let table = try #require(page.between("<div class=\"still\">", "</div>"))
        #expect(XMLChecker.isWellFormed(table))
    }
}

/// What the test reads of the page's data.
private struct PageDocument: Decodable {
    struct Sequence: Decodable { let labels: [String] }
    let sequences: [Sequence]
    var labels: [[String]] { sequences.map(\.labels) }
}

extension String {
    /// What stands between the first `start` and the next `end`.
    fileprivate func between(_ start: String, _ end: String) -> String? {
        guard let opening = firstRange(of: start), let closing = self[opening.upperBound...].firstRange(of: end)
        else { return nil }
        return String(self[opening.upperBound..<closing.lowerBound])
    }
}
