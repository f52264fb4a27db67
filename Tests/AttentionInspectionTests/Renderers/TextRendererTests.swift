import AttentionInspection
import Testing

@Suite struct TextRendererTests {
    static func matrix() throws -> AlignmentMatrix {
        try AlignmentMatrix(
            source: ["Where", "is", "it", "?"], target: ["Où", "est", "-il", "?"],
            weights: [[0.8, 0.1, 0.1, 0], [0, 0.6, 0.2, 0.2], [0, 0.4, 0.4, 0.2], [0, 0, 0, 0.8]])
    }

    @Test func shaded() throws {
        #expect(
            TextRenderer(style: .shaded).render(try Self.matrix()) == """
                    Where
                    │ is
                    │ │ it
                    │ │ │ ?
                 Où ██░░░░
                est   ▓▓░░░░
                -il   ▒▒▒▒░░
                  ?       ██

                """)
    }

    @Test func plainIsASCII() throws {
        #expect(
            TextRenderer(style: .plain, scale: .one).render(try Self.matrix().transposed)
                == """
                      Où
                      | est
                      | | -il
                      | | | ?
                Where **
                   is   ::::
                   it   ..::
                    ?   ....**

                """)
    }

    @Test func colour() throws {
        let matrix = try AlignmentMatrix(source: ["a", "b", "c"], target: ["x"], weights: [[0, 0.5, 0.5]])
        #expect(
            TextRenderer(style: .colour(.full)).render(matrix)
                == "  a\n  │ b\n  │ │ c\nx \u{1B}[48;2;24;22;44m  \u{1B}[48;2;254;222;150m    \u{1B}[0m\n")
        #expect(
            TextRenderer(style: .colour(.indexed), scale: .one).render(matrix)
                == "  a\n  │ b\n  │ │ c\nx \u{1B}[48;5;234m  \u{1B}[48;5;167m    \u{1B}[0m\n")
    }

    @Test func manyWordsStandUpright() throws {
        let source = ["so", "日本", "extraordinarily"] + Array(repeating: "w", count: 14)
        let matrix = try AlignmentMatrix(
            source: source, target: ["x"], weights: [source.indices.map { $0 < 3 ? 1 : 0 }])
        #expect(
            TextRenderer().render(matrix) == """
                      e
                      x
                      t
                      r
                      a
                      o
                      r
                      d
                      i
                      n
                  s 日a
                  o 本⋮ w w w w w w w w w w w w w w
                x ██████

                """)
    }

    @Test func wideSourcesContinueBelow() throws {
        let source = (0..<30).map { _ in "w" }
        let matrix = try AlignmentMatrix(
            source: source, target: ["x"], weights: [source.indices.map { $0 == 20 ? 1 : 0 }])
        let w = "  w w w w w w w w w w w w w w w\n"
        #expect(
            TextRenderer(width: 42).render(matrix)
                == w + "x\n\n" + w + "x           ██\n")
    }

    @Test func wordsCannotCommandTheTerminal() throws {
        let matrix = try AlignmentMatrix(source: ["\u{1B}[2Jx"], target: ["שלום\u{202E}"], weights: [[1]])
        #expect(TextRenderer().render(matrix) == "     ␛[2Jx\n\u{2068}שלום\u{2069} ██\n")
    }

    @Test func nothingToDraw() throws {
        #expect(TextRenderer().render(try AlignmentMatrix(source: [], target: [], weights: [])) == "")
        #expect(TextRenderer().render(try AlignmentMatrix(source: ["a"], target: [], weights: [])) == " a\n")
        #expect(TextRenderer().render(try AlignmentMatrix(source: [], target: ["x"], weights: [[]])) == "x\n")
        #expect(
            TextRenderer().render(try AlignmentMatrix(source: ["a"], target: ["x"], weights: [[0]])) == "  a\nx\n")
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func staysWithinTheWidth(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<Int.random(in: 1...50, using: &generator)).map { _ in generator.hostileWord() }
        let target = (0..<Int.random(in: 1...6, using: &generator)).map { _ in generator.hostileWord() }
        let matrix = try generator.map(layers: 1, heads: 1, source: source, target: target).matrix()
        let width = Int.random(in: 40...120, using: &generator)
        for style in [TextRenderer.Style.plain, .shaded] {
            for line in TextRenderer(style: style, width: width).render(matrix).split(separator: "\n") {
                #expect(line.displayWidth <= width)
                let isSafe = line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
                #expect(isSafe)
            }
        }
    }
}
