import AttentionInspection
import Testing

@Suite struct ScorePartsTests {
    /// Two heads of a layer and a token: 1 + 2 − 3 + 4 + 5 + 6 + 7 − 8 + 9 = 23.
    static func toy() throws -> ScoreParts {
        try ScoreParts(
            title: "toy & co", kind: .encoder, head: HeadIndex(layer: 1, head: 0), query: 0, key: 2,
            parts: [
                .init(name: "token", group: "token"), .init(name: "head 1.1", group: "attention 1"),
                .init(name: "head 1.2", group: "attention 1"),
            ],
            products: [[1, 2, -3], [4, 5, 6], [7, -8, 9]], score: 23, weight: 0.5)
    }

    @Test func sumsOfBothSides() throws {
        let toy = try Self.toy()
        #expect(toy.querySums == [0, 15, 8] && toy.keySums == [12, -1, 12])
        #expect(toy.strongest(2).map { "\($0.query) \($0.key) \($0.product)" } == ["2 2 9.0", "2 1 -8.0"])
        let grouped = toy.grouped()
        #expect(grouped.parts.map(\.name) == ["token", "attention 1"] && grouped.products == [[1, -1], [11, 12]])
        #expect(grouped.products.joined().reduce(0, +) == toy.score && grouped.grouped() == grouped)
    }

    @Test func asText() throws {
        let text = try Self.toy().text(limit: 2)
        #expect(
            text == """
                toy & co

                part\tin the query\tin the key
                token\t0.000\t12.000
                attention 1\t23.000\t11.000

                query reads\tkey reads\tproduct
                head 1.2\thead 1.2\t9.000
                head 1.2\thead 1.1\t-8.000

                score 23, the sum of all products; weight 0.5

                """)
        #expect(try Self.toy().json.contains("\"layer\": 2,\n  \"head\": 1,\n  \"score\": 23,"))
    }

    /// Where a source is looked at, keys are made of other things than queries.
    @Test func twoSidesOfDifferentParts() throws {
        let parts = try ScoreParts(
            title: "t", kind: .cross, head: HeadIndex(layer: 0, head: 0), query: 0, key: 0,
            parts: [.init(name: "token", group: "token"), .init(name: "cross head 1.1", group: "cross attention 1")],
            keyParts: [
                .init(name: "token", group: "token"), .init(name: "head 1.1", group: "attention 1"),
                .init(name: "head 1.2", group: "attention 1"),
            ], products: [[1, 2, 3], [4, 5, -6]], score: 9, weight: 1)
        #expect(parts.querySums == [6, 3] && parts.keySums == [5, 7, -3])
        #expect(parts.strongest(1).map { "\($0.query) \($0.key)" } == ["1 2"])
        let grouped = parts.grouped()
        #expect(grouped.keyParts.map(\.name) == ["token", "attention 1"] && grouped.products == [[1, 5], [4, -1]])
        #expect(
            parts.text(limit: 1)
                == """
                t

                part\tin the query
                token\t6.000
                cross attention 1\t3.000

                part\tin the key
                token\t5.000
                attention 1\t4.000

                query reads\tkey reads\tproduct
                cross head 1.1\thead 1.2\t-6.000

                score 9, the sum of all products; weight 1

                """)
        #expect(parts.json.contains("\"keyGroups\": ["))
        let svg = Figure(parts).svg
        #expect(svg.split(separator: "<rect class=\"panel\"").count - 1 == 4 && XMLChecker.isWellFormed(svg))
        #expect(svg.contains("<title>cross attention 1 · attention 1: -1</title>"))
    }

    /// A ground for each of four cells, four products, and a bar for each of four sums.
    @Test func asAFigure() throws {
        let svg = Figure(try Self.toy()).svg
        #expect(svg.split(separator: "<rect class=\"panel\"").count - 1 == 4)
        #expect(svg.split(separator: "<rect class=\"s0\"").count - 1 == 3 + 4)
        #expect(svg.contains("<title>token · attention 1: -1</title>") && svg.contains("toy &amp; co"))
        #expect(XMLChecker.isWellFormed(svg))
    }

    @Test func aPageHoldsThem() throws {
        let trace = try ModelTraceTests.toy()
        let page = HTMLRenderer().render(trace, reasons: [try Self.toy()])
        #expect(page.contains("\"ofQuery\":[0,23],\"ofKey\":[12,11],\"strongest\":[[\"head 1.2\",\"head 1.2\",9]"))
        #expect(HTMLRenderer().render(trace).contains("\"reasons\":[]"))
    }

    @Test func aProductForEachPair() {
        #expect(
            throws: AlignmentError.count(
                operation: "score parts", list: "products, one for each part", expected: 1, found: 2)
        ) {
            try ScoreParts(
                title: "", kind: .encoder, head: HeadIndex(layer: 0, head: 0), query: 0, key: 0,
                parts: [.init(name: "token", group: "token")], products: [[1, 2]], score: 3, weight: 0)
        }
    }
}
