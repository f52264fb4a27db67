import AttentionInspection
import Testing

@Suite struct FigureTests {
    @Test func linesAreTheWeights() throws {
        let svg = try ModelTraceTests.toy().figure(.heads, of: .encoder).svg
        // One line for each weight that can be seen, in the order of heads, queries and keys.
        let map = try ModelTraceTests.toy().map(of: .encoder)
        let expected = map.weights[0].enumerated().flatMap { head, rows in
            rows.flatMap { $0.filter { $0 >= 0.02 }.map { "s\(head) \(Double($0).decimals(3))" } }
        }
        #expect(Self.lines(of: svg) == expected)
        #expect(svg.contains("<title>chat") == false && svg.contains("<title>at → ␣ch: 0.5</title>"))
        #expect(svg.contains(">toy, encoder, layer 3</text>") && svg.contains("@media (prefers-color-scheme: dark)"))
        #expect(XMLChecker.isWellFormed(svg))
    }

    /// Colour and strength of each line, read back from the picture.
    private static func lines(of svg: String) -> [String] {
        svg.split(separator: "\n").filter { $0.hasPrefix("<path") }.map { line in
            let parts = line.split(separator: "\"")
            return "\(parts[1]) \(parts[5])"
        }
    }

    @Test func allHeadsAtOnce() throws {
        let svg = try ModelTraceTests.toy().figure(.model, of: .encoder).svg
        // A ground and a box for each weight above a hundredth, in each of two heads.
        #expect(svg.split(separator: "<rect class=\"panel\"").count - 1 == 2)
        #expect(svg.split(separator: "<rect class=\"s0\"").count - 1 == 2 * 9)
        #expect(XMLChecker.isWellFormed(svg))
    }

    @Test func twoSideBySide() throws {
        let trace = try ModelTraceTests.toy()
        let (left, right) = (try trace.figure(.heads, of: .encoder), try trace.figure(.model, of: .encoder))
        let both = left.beside(right)
        #expect(both.width == left.width + right.width && both.height == max(left.height, right.height))
        #expect(both.title == "\(left.title) | \(right.title)" && left.beside(left).title == left.title)
        // The left one stands where it stood, every line of the right one as far to the right as the left one is wide.
        let (svg, shapes) = (both.svg, left.svg.split(separator: "\n").filter { $0.hasPrefix("<path") })
        #expect(shapes.allSatisfy { svg.contains($0) } && XMLChecker.isWellFormed(svg))
        #expect(svg.contains("<rect class=\"panel\" x=\"\((64 + left.width).decimals(1))\" y=\"64\""))
    }

    @Test func whatIsReadTogether() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b", "c", "d"], target: ["x", "y"], weights: [[0.5, 0.9, 0.1, 1], [0, 0.25, 0.49, 0]])
        #expect(matrix.segments(ofRow: 0) == [0..<2, 3..<4] && matrix.segments(ofRow: 1) == [])
        let svg = Figure(segmentsOf: matrix).svg
        #expect(svg.split(separator: "<rect class=\"cell\"").count - 1 == 8)
        #expect(svg.split(separator: "<rect class=\"s1\"").count - 1 == 2)
        // The first bar is two cells wide, less the space between cells.
        #expect(svg.contains("width=\"51\" height=\"5\" fill-opacity=\"1\"><title>a b</title>"))
        #expect(XMLChecker.isWellFormed(svg))
    }

    @Test func entropyOfHeads() throws {
        let map = try ModelTraceTests.toy().map(of: .encoder)
        // 0, ln 2, ln 4, ln 2 of at most ln 4.
        #expect(map.headEntropies.map { $0.map { $0.decimals(6) } } == [["0.5", "0.5"]])
        let svg = try ModelTraceTests.toy().figure(.entropy, of: .encoder).svg
        #expect(
            svg.contains("fill-opacity=\"0.5\"><title>layer 3, head 2: 0.5</title>") && XMLChecker.isWellFormed(svg))
    }

    @Test func rolloutIsOfTheWholeModel() throws {
        let trace = try ModelTraceTests.toy()
        let matrix = try trace.matrix(.rollout, of: .encoder)
        #expect(matrix.weights == (try trace.map(of: .encoder).rollout().chosenMatrix.weights))
        #expect(matrix.name == "toy, encoder, rollout through 1 layers")
    }

    @Test func oneWordAndAPair() throws {
        let trace = try ModelTraceTests.toy()
        let map = try trace.map(of: .encoder)
        let word = map.target[1]
        let svg = try trace.figure(.heads, of: .encoder, focus: TraceFocus(word: word)).svg
        let own = map.weights[0].enumerated().flatMap { head, rows in
            rows.enumerated().filter { map.target[$0.offset] == word }.flatMap { $0.element }.filter { $0 >= 0.02 }
                .map { "s\(head) \(Double($0).decimals(3))" }
        }
        #expect(Self.lines(of: svg) == own && !own.isEmpty)
        let focus = TraceFocus(word: word, target: map.source[2])
        let numbers = try trace.headNumbers(.pair, of: .encoder, ModelTrace.Grain(), focus)
        #expect(numbers == [map.weights[0].map { Double($0[1][2]) }])
        let pair = try trace.figure(.pair, of: .encoder, focus: focus).svg
        #expect(XMLChecker.isWellFormed(pair))
        #expect(
            pair.contains(
                ">toy, encoder, from &quot;\(word)&quot; to &quot;\(map.source[2])&quot;, layers down, heads across<"))
        // What is more than 1, as weighed values may be, is not all alike.
        let grid = Figure(grid: [[4, 1]], of: map, title: "t").svg
        #expect(
            grid.contains("fill-opacity=\"1\"><title>layer 3, head 1: 4<") && grid.contains("fill-opacity=\"0.25\""))
        let known = map.target
        #expect(throws: TraceError.noWord("nowhere", known: known)) {
            try trace.figure(.heads, of: .encoder, focus: TraceFocus(word: "nowhere"))
        }
    }

    @Test func arcsAreWhatWeighsEnough() throws {
        let matrix = try AlignmentMatrix(
            name: "arcs", source: ["a", "b", "c"], target: ["a", "b", "c"],
            weights: [[0.5, 0.4, 0.1], [0.95, 0, 0.05], [0, 1, 0]])
        let svg = try Figure(arcsOf: matrix).svg
        #expect(Self.lines(of: svg) == ["s0 0.4", "s0 0.1", "s0 0.95", "s0 1"])
        #expect(svg.contains("<title>b → a: 0.95</title>") && XMLChecker.isWellFormed(svg))
        #expect(String(decoding: try Figure(arcsOf: matrix).pdf(), as: UTF8.self).split(separator: " c S Q").count == 5)
        let cross = try AlignmentMatrix(source: ["a"], target: ["x", "y"], weights: [[1], [1]])
        #expect(throws: AlignmentError.notSquare(operation: "arcs", targetCount: 2, sourceCount: 1)) {
            try Figure(arcsOf: cross)
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func anyWordsMakeWellFormedPictures(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let words = (0..<4).map { _ in generator.hostileWord() }
        let map = try generator.map(layers: 2, heads: 7, source: words, target: words)
        let trace = ModelTrace(map)
        for view in try trace.views(of: .alignment) {
            #expect(XMLChecker.isWellFormed(try trace.figure(view, of: .alignment).svg))
        }
    }

    @Test func pdfHoldsTheText() throws {
        let matrix = try AlignmentMatrix(name: "été", source: ["a("], target: ["x…"], weights: [[0.5]])
        let pdf = try Figure(matrix).pdf()
        let text = String(decoding: pdf, as: UTF8.self)
        #expect(text.hasPrefix("%PDF-1.7\n1 0 obj\n") && text.hasSuffix("%%EOF\n"))
        // Windows 1252: é is E9, … is 85.
        #expect(text.contains("<e974e9> Tj") && text.contains("<6128> Tj") && text.contains("<7885> Tj"))
        #expect(text.contains("/Title <feff00e9007400e9>"))
        // The table of objects says where each begins.
        let bytes = Array(text.utf8)
        let table = text.split(separator: "0000000000 65535 f \n")[1].split(separator: "trailer")[0]
        for (index, line) in table.split(separator: "\n").enumerated() {
            let start = try #require(Int(line.prefix(10)))
            #expect(String(decoding: bytes[start...].prefix(7), as: UTF8.self) == "\(index + 1) 0 obj")
        }
        #expect(try Figure(matrix).pdf() == pdf)
        let other = try AlignmentMatrix(source: ["日"], target: ["x"], weights: [[1]])
        #expect(throws: FigureError.letters("日")) { try Figure(other).pdf() }
    }
}
