import AttentionInspection
import Testing

@Suite struct MatrixFigureTests {
    @Test func golden() throws {
        let matrix = try AlignmentMatrix(source: ["a", "<b>"], target: ["x"], weights: [[0.25, 0.5]])
        let svg = Figure(matrix).svg
        let parts = svg.split(separator: "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n")
        #expect(
            svg.hasPrefix(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"195\" height=\"123\" viewBox=\"0 0 195 123\" "
                    + "role=\"img\" aria-label=\"Alignment\">\n<style>\n"))
        #expect(
            parts.last == """
                <rect class="panel" x="35.4" y="43.1" width="56" height="28"/>
                <text transform="translate(52.4 37.1) rotate(-50)">a</text>
                <text transform="translate(80.4 37.1) rotate(-50)">&lt;b&gt;</text>
                <text class="row" x="27.4" y="57.1" dy=".35em">x</text>
                <rect class="cell" x="35.4" y="43.1" width="28" height="28" fill-opacity="0.5"><title>a → x: 0.25</title></rect>
                <rect class="cell" x="63.4" y="43.1" width="28" height="28" fill-opacity="1"><title>&lt;b&gt; → x: 0.5</title></rect>
                <rect class="panel" x="35.4" y="91.1" width="78" height="14"/>
                <rect class="cell" x="35.4" y="91.1" width="14" height="14" fill-opacity="0"></rect>
                <rect class="cell" x="51.4" y="91.1" width="14" height="14" fill-opacity="0.25"></rect>
                <rect class="cell" x="67.4" y="91.1" width="14" height="14" fill-opacity="0.5"></rect>
                <rect class="cell" x="83.4" y="91.1" width="14" height="14" fill-opacity="0.75"></rect>
                <rect class="cell" x="99.4" y="91.1" width="14" height="14" fill-opacity="1"></rect>
                <text class="row" x="27.4" y="98.1" dy=".35em">0</text>
                <text x="121.4" y="98.1" dy=".35em">0.5</text>
                </svg>

                """)
    }

    @Test func theScaleIsWhatWasAskedFor() throws {
        let matrix = try AlignmentMatrix(source: ["a"], target: ["x"], weights: [[0.25]])
        #expect(Figure(matrix, scale: .one).svg.contains("fill-opacity=\"0.25\"><title>a → x: 0.25"))
        #expect(Figure(matrix, scale: .greatest).svg.contains("fill-opacity=\"1\"><title>a → x: 0.25"))
    }

    @Test func followsLightAndDark() throws {
        let svg = Figure(try AlignmentMatrix(source: ["a"], target: ["x"], weights: [[1]])).svg
        #expect(svg.contains("@media (prefers-color-scheme: dark)"))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyWordsMakeWellFormedXML(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<Int.random(in: 0...6, using: &generator)).map { _ in generator.hostileWord() }
        let target = (0..<Int.random(in: 0...6, using: &generator)).map { _ in generator.hostileWord() }
        let matrix = try AlignmentMatrix(
            name: generator.hostileWord(), source: source, target: target,
            weights: generator.attention(target.count, source.count))
        let svg = Figure(matrix).svg
        #expect(XMLChecker.isWellFormed(svg))
        #expect(svg == Figure(matrix).svg)
    }
}
