import AttentionInspection
import FoundationEssentials
import Testing

/// Weights over a picture: what is drawn is what the trace holds.
@Suite struct OverlayFigureTests {
    /// Two words that look at a picture of three rows and two columns, behind what stands for it as a whole.
    private static func captions(
        words: [String] = ["a", "cat"], picture: TracedPicture? = nil, omitted: Int = 0, seed: UInt64 = 1
    ) throws -> ModelTrace {
        var generator = SeededGenerator(seed: seed)
        let picture = try picture ?? TestPicture.traced(rows: 3, columns: 2)
        let places = ["picture 1"] + (1...picture.placeCount).map { "place \($0)" }
        let heads = (0..<4).map { _ in generator.attention(words.count, places.count) }
        return try ModelTrace(
            name: "toy",
            sequences: [
                try TracedSequence(name: "source", pieces: places, picture: picture, omittedCount: omitted),
                try TracedSequence(name: "target", pieces: words),
            ],
            attention: [
                TracedAttention(
                    kind: .cross, queries: 1, keys: 0, layers: [0, 1], heads: [0, 1],
                    weights: heads.flatMap { $0.flatMap(\.self) })
            ])
    }

    /// The mean over all heads of a row of the trace.
    private static func row(_ row: Int, of trace: ModelTrace) throws -> [Float] {
        try trace.map(of: .cross).matrix(.mean).weights[row]
    }

    /// Place, weight and shade of each tile, read back from the picture.
    private static func tiles(of svg: String) -> [(name: String, weight: String, opacity: String)] {
        svg.split(separator: "\n").filter { $0.hasPrefix("<rect class=\"heat\"") && $0.contains("<title>") }.map {
            line in
            let parts = line.split(whereSeparator: { "<>\"".contains($0) }).map(String.init)
            let title = parts[parts.count - 3].split(separator: ": ").map(String.init)
            return (title[0], title[1], parts[parts.firstIndex { $0.hasSuffix("fill-opacity=") }.map { $0 + 1 } ?? 0])
        }
    }

    @Test func aPanelForEachWord() throws {
        let trace = try Self.captions()
        let overlay = try trace.overlay(of: .cross, focus: TraceFocus(rows: [1, 0]))
        #expect(overlay.matrix.target == ["a", "cat"] && overlay.ownPlaces == [nil, nil])
        let rows = [try Self.row(0, of: trace), try Self.row(1, of: trace)]
        #expect(overlay.matrix.weights == rows)
        let greatest = try #require(rows.map { $0.dropFirst().max() ?? 0 }.max())
        #expect(overlay.greatest == greatest && overlay.weightElsewhere(ofPanel: 1) == rows[1][0])
        let svg = try trace.figure(.overlay, of: .cross, focus: TraceFocus(rows: [1, 0])).svg
        let expected = zip(["a", "cat"], rows).flatMap { word, row -> [(String, String, String)] in
            row.dropFirst().enumerated().map { place, weight -> (String, String, String) in
                (
                    "\(word) → place \(place + 1)", Double(weight).decimals(3),
                    (0.85 * Double(min(1, weight / greatest))).decimals(3)
                )
            }
        }
        let found = Self.tiles(of: svg)
        #expect(found.map(\.name) == expected.map(\.0) && found.map(\.weight) == expected.map(\.1))
        #expect(found.map(\.opacity) == expected.map(\.2))
        // Words stand over their panels, what went elsewhere below, and the full shade beside the scale.
        for text in [
            "a", "cat", "not of the picture: \(Double(rows[0][0]).decimals(3))", "0",
            Double(greatest).significantDigits(3), "toy, cross, mean of heads",
        ] {
            #expect(svg.contains(">\(text)</text>"), "\(text)")
        }
        // The picture stands there once, and is drawn twice.
        #expect(svg.split(separator: "<image ").count == 2 && svg.split(separator: "<use ").count == 3)
        let bytes = Data(try TestPicture.traced(rows: 3, columns: 2).png).base64EncodedString()
        #expect(svg.contains("href=\"data:image/png;base64,\(bytes)\"") && XMLChecker.isWellFormed(svg))
        #expect(svg.contains("@media (prefers-color-scheme: dark)") && svg.contains(".heat { fill: #ffc266 }"))
    }

    @Test func withoutAChoiceTheMean() throws {
        let trace = try Self.captions()
        let overlay = try trace.overlay(of: .cross)
        let rows = [try Self.row(0, of: trace), try Self.row(1, of: trace)]
        #expect(overlay.matrix.target == ["all that look, their mean"])
        #expect(zip(overlay.matrix.weights[0], zip(rows[0], rows[1])).allSatisfy { abs($0 - ($1.0 + $1.1) / 2) < 1e-6 })
        let word = try trace.overlay(of: .cross, focus: TraceFocus(word: "cat"))
        #expect(word.matrix.target == ["cat"] && word.matrix.weights == [rows[1]])
        // JSON has a row for each panel.
        let json = try trace.json(.overlay, of: .cross, focus: TraceFocus(word: "cat"))
        let map = try JSONDecoder().decode(AlignmentMap.self, from: Data(json.utf8))
        #expect(map.target == ["cat"] && map.source.count == 7 && map.layerCount == 1)
    }

    @Test func theSameBytesForTheSameTrace() throws {
        let focus = TraceFocus(rows: [0, 1])
        let figures = try (0..<2).map { _ in try Self.captions().figure(.overlay, of: .cross, focus: focus) }
        #expect(figures[0].svg == figures[1].svg && figures[0] == figures[1])
        #expect(try figures[0].pdf() == figures[1].pdf())
        #expect(try Self.captions(seed: 2).figure(.overlay, of: .cross, focus: focus).svg != figures[0].svg)
        // Two side by side have one picture, if it is one, and two otherwise.
        let beside = figures[0].beside(figures[1]).svg
        #expect(beside.split(separator: "<image ").count == 2 && XMLChecker.isWellFormed(beside))
        let other = try Self.captions(picture: TestPicture.traced(rows: 3, columns: 2, colour: 2))
            .figure(.overlay, of: .cross, focus: focus)
        #expect(figures[0].beside(other).svg.split(separator: "<image ").count == 3)
    }

    /// Bands begin at the bottom, the rest of the window is said, and seconds stand below.
    @Test func aSoundStandsOnItsLowBands() throws {
        let picture = try TestPicture.traced(rows: 3, columns: 2, order: .upwards, seconds: 1.5)
        let trace = try Self.captions(picture: picture, omitted: 5)
        let overlay = try trace.overlay(of: .cross, focus: TraceFocus(rows: [0]))
        #expect(overlay.placeNames == [5, 6, 3, 4, 1, 2].map { "place \($0)" })
        let row = try Self.row(0, of: trace)
        #expect(overlay.weights(ofPanel: 0) == [5, 6, 3, 4, 1, 2].map { row[$0] })
        #expect(overlay.omittedWeight(ofPanel: 0) < 1e-5)
        let svg = try trace.figure(.overlay, of: .cross, focus: TraceFocus(rows: [0])).svg
        #expect(svg.contains(">0 s</text>") && svg.contains(">1 s</text>") && !svg.contains(">2 s</text>"))
        #expect(svg.contains("The last 5 of 12 places") && XMLChecker.isWellFormed(svg))
    }

    /// What small weights had is said where they are left out.
    @Test func theGreatestAlone() throws {
        let trace = try Self.captions()
        let overlay = try trace.keeping(.cross, top: 2).overlay(of: .cross, focus: TraceFocus(rows: [0]))
        let kept = overlay.matrix.weights[0].reduce(0, +)
        #expect(abs(overlay.omittedWeight(ofPanel: 0) - (1 - kept)) < 1e-6 && overlay.omittedWeight(ofPanel: 0) > 0.1)
        #expect(try trace.overlay(of: .cross).omittedWeight(ofPanel: 0) == 0)
    }

    /// A patch that looks is outlined; what stands for the whole picture is no patch.
    @Test func aPictureThatLooksAtItself() throws {
        var generator = SeededGenerator(seed: 4)
        let pieces = ["picture 1"] + (1...6).map { "place \($0)" }
        let trace = try ModelTrace(
            name: "vit",
            sequences: [
                try TracedSequence(name: "text", pieces: pieces, picture: TestPicture.traced(rows: 3, columns: 2))
            ],
            attention: [
                TracedAttention(
                    kind: .encoder, queries: 0, keys: 0, layers: [5], heads: [0],
                    weights: generator.attention(7, 7).flatMap(\.self))
            ])
        let focus = TraceFocus(rows: [0, 4])
        #expect(try trace.overlay(of: .encoder, focus: focus).ownPlaces == [nil, 3])
        let figure = try trace.figure(.overlay, of: .encoder, focus: focus)
        #expect(figure.svg.split(separator: "<rect class=\"frame\"").count == 2)
        #expect(try String(decoding: figure.pdf(), as: UTF8.self).split(separator: " RG 2 w ").count == 2)
        #expect(try trace.views(of: .encoder) == TraceView.allCases)
        #expect(try trace.overlay(of: .encoder).ownPlaces == [nil])
    }

    /// A tile is never smaller than can be seen, and shows the greatest of what it covers.
    @Test func manyMomentsShareTiles() throws {
        let picture = try TestPicture.traced(rows: 1, columns: 1500, width: 8, height: 2)
        var weights = [Float](repeating: 0, count: 1501)
        (weights[1 + 700], weights[1 + 1499]) = (0.75, 0.25)
        let places = ["whole"] + (0..<1500).map { "\($0)" }
        let trace = try ModelTrace(
            name: "sound",
            sequences: [
                try TracedSequence(name: "source", pieces: places, picture: picture),
                try TracedSequence(name: "target", pieces: ["word"]),
            ],
            attention: [TracedAttention(kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0], weights: weights)])
        let svg = try trace.figure(.overlay, of: .cross).svg
        let tiles = Self.tiles(of: svg)
        #expect((100..<1000).contains(tiles.count) && svg.contains("a tile is the greatest of several places"))
        #expect(
            tiles.filter { $0.weight != "0" }.map(\.name) == [700, 1499].map { "all that look, their mean → \($0)" })
        #expect(tiles.filter { $0.weight != "0" }.map(\.opacity) == ["0.85", "0.283"])
        let shown = try trace.text(.overlay, of: .cross, drawnBy: TextRenderer(style: .plain, width: 40))
        #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 40 } && shown.contains("##"))
    }

    @Test func shadesInTheTerminal() throws {
        let picture = try TestPicture.traced(rows: 3, columns: 2)
        let trace = try ModelTrace(
            name: "toy",
            sequences: [
                try TracedSequence(name: "source", pieces: "wabcdef".map(String.init), picture: picture),
                try TracedSequence(name: "target", pieces: ["cat"]),
            ],
            attention: [
                TracedAttention(
                    kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0],
                    weights: [0.2, 0.4, 0, 0.2, 0.1, 0, 0.1])
            ])
        let shown = try trace.text(
            .overlay, of: .cross, focus: TraceFocus(rows: [0]), drawnBy: TextRenderer(style: .plain))
        #expect(
            shown == """
                toy, cross, layer 1, head 1

                cat
                ##
                ::..
                  ..
                not of the picture: 0.2

                a full shade is 0.4

                """)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func anyWordsMakeWellFormedPictures(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let words = (0..<3).map { _ in generator.hostileWord() }
        let trace = try Self.captions(words: words, seed: seed)
        let focus = TraceFocus(rows: [0, 1, 2])
        #expect(XMLChecker.isWellFormed(try trace.figure(.overlay, of: .cross, focus: focus).svg))
        let shown = try trace.text(.overlay, of: .cross, focus: focus)
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    }

    @Test func refusals() throws {
        let plain = try ModelTraceTests.toy()
        let error = #expect(throws: TraceError.self) { try plain.figure(.overlay, of: .encoder) }
        #expect(
            error?.description
                == "trace: expected a picture or a sound to lay weights over, found encoder attention that looks at neither; its views are "
                + "alignment, heads, model, rollout, flow, arcs, segments, pair, entropy")
        let trace = try Self.captions()
        #expect(try trace.views(of: .cross).map(\.rawValue).contains("rollout") == false)
        func refusal(_ focus: TraceFocus, _ grain: ModelTrace.Grain = ModelTrace.Grain()) -> String? {
            let error = #expect(throws: TraceError.self) { try trace.overlay(of: .cross, grain, focus: focus) }
            return error?.description
        }
        #expect(refusal(TraceFocus(rows: [2])) == "trace: expected the rows of cross from 1 to 2, found 3")
        #expect(refusal(TraceFocus(word: "dog")) == "trace: expected one of the words a cat, found dog")
        #expect(
            refusal(TraceFocus(word: "cat", rows: [0]))
                == "trace: expected the rows of cross among those that are shown, found none")
        #expect(throws: TraceError.noKind("encoder", known: ["cross"])) { try trace.overlay(of: .encoder) }
    }
}
