import AttentionInspection
import Testing

@Suite struct HeadMapTests {
    /// Two heads over two tokens: one looks at the first alone, the other at both alike.
    private func trace(heads: [Int] = [0, 1]) throws -> ModelTrace {
        try ModelTrace(
            name: "toy & co", sequences: [TracedSequence(name: "text", pieces: ["a", "b"])],
            attention: [
                TracedAttention(
                    kind: .encoder, queries: 0, keys: 0, layers: [2], heads: heads,
                    weights: Array([1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5].prefix(4 * heads.count)))
            ])
    }

    @Test func byHand() throws {
        var map = try HeadMap(of: .encoder, in: try trace())
        #expect(map.points.map(\.name) == ["3.1", "3.2"] && map.textCount == 1)
        #expect(map.points.map(\.entropy) == [0, 1] && map.points.map(\.distance) == [0.5, 0.5])
        #expect(map.points.map(\.sinkShare) == [1, 0.5])
        // The same text twice is as one.
        let once = map.points
        try map.add(try trace())
        #expect(map.points == once && map.textCount == 2)
        #expect(throws: TraceError.self) { try map.add(try trace(heads: [0])) }
        #expect(throws: TraceError.noKind("cross", known: ["encoder"])) { try HeadMap(of: .cross, in: try trace()) }
    }

    /// Several texts weigh as many tokens as they have.
    @Test func tokensCountAlike() throws {
        var map = try HeadMap(of: .encoder, in: try trace())
        try map.add(
            try ModelTrace(
                name: "", sequences: [TracedSequence(name: "text", pieces: ["a"])],
                attention: [
                    TracedAttention(
                        kind: .encoder, queries: 0, keys: 0, layers: [2], heads: [0, 1], weights: [1, 1])
                ]))
        #expect(zip(map.points.map(\.sinkShare), [1, 2.0 / 3]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func inEveryForm() throws {
        let map = try HeadMap(of: .encoder, in: try trace())
        #expect(
            map.text
                == "toy & co, encoder, heads over 1 text\n\nhead\tentropy\tdistance\tfirst token\n3.1\t0.00\t0.50\t1.00\n3.2\t1.00\t0.50\t0.50\n"
        )
        #expect(map.json.contains("{\"layer\": 3, \"head\": 2, \"entropy\": 1, \"distance\": 0.5, \"sinkShare\": 0.5}"))
        let svg = Figure(map).svg
        // A point for each head, and the colour of the layer.
        #expect(svg.split(separator: "<rect class=\"s0\"").count - 1 == 3)
        #expect(svg.contains("<title>head 3.2: entropy 1, 0.5 tokens away, first token 0.5</title>"))
        #expect(XMLChecker.isWellFormed(svg))
        let page = HTMLRenderer().render(try trace(), map: map)
        #expect(page.contains("\"map\":{\"kind\":\"encoder\",\"texts\":1,\"points\":[[2,0,0,0.5,1],[2,1,1,0.5,0.5]]}"))
        #expect(HTMLRenderer().render(try trace()).contains("\"map\":null"))
    }

    @Test func besideAlignments() throws {
        // One of two links is right, and the one that is sure was found: 1 − (1 + 1) / (2 + 1).
        let rate = AlignmentErrorRate(
            of: try HardAlignment(pharaoh: "0-0 1-1"), reference: try ReferenceAlignment(pharaoh: "0-0"))
        let map = try HeadMap(of: .encoder, in: try trace()).comparing([
            HeadIndex(layer: 2, head: 1): HeadMap.Alignment(rate, agreement: 0.25)
        ])
        #expect(map.points.map(\.alignment?.agreement) == [nil, 0.25])
        #expect(
            map.text.hasSuffix(
                "first token\tAER\tagreement\n3.1\t0.00\t0.50\t1.00\n3.2\t1.00\t0.50\t0.50\t0.33\t0.25\n"))
        #expect(map.json.contains("\"sinkShare\": 0.5, \"alignmentErrorRate\": 0.333333, \"agreement\": 0.25}"))
        let svg = Figure(map).svg
        #expect(
            svg.contains("first token 0.5, AER 0.33, agreement 0.25</title>") && svg.contains(">3.2 (AER 0.33)</text>"))
        // 0.2 + 0.8 · ⅔, and as ever where nobody compared.
        #expect(
            svg.contains("fill-opacity=\"0.733\"><title>head 3.2")
                && svg.contains("fill-opacity=\"0.75\"><title>head 3.1"))
        #expect(HTMLRenderer().render(try trace(), map: map).contains("[[2,0,0,0.5,1],[2,1,1,0.5,0.5,0.3333,0.25]]"))
    }
}
