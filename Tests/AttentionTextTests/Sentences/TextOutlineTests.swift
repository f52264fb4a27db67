import AttentionText
import Testing

@Suite struct TextOutlineTests {
    private func sentences(_ text: String) -> [String] {
        let outline = TextOutline(of: text)
        return outline.sentences.indices.map(outline.sentence)
    }

    /// Sentences in capitals, everything else as it was.
    private func shout(_ text: String) -> String {
        let outline = TextOutline(of: text)
        return outline.rebuilt(with: outline.sentences.indices.map { outline.sentence($0).uppercased() }).text
    }

    @Test(arguments: [
        "", " ", "\n\n\n", "  One.  Two. \n", "\tOne\r\n\r\n  Two\r\n", "- a\n- b\n\n1. c\n2) d\n",
        "# Title\n\nText. More text.\n",
        "> quoted\n> more", "-----\n***\n", "1.\n", "* \n", "[ ] to do\n[X] done", "A\u{0}B. C", "😀\n👍🏽",
    ])
    func layoutStays(_ text: String) {
        #expect(shout(text) == text.uppercased())
    }

    @Test func whatIsNoSentence() {
        #expect(
            sentences("- one\n  - two\n3. three\na) four\n# five\n> six") == [
                "one", "two", "three", "four", "five", "six",
            ])
        #expect(sentences("---\n😀\n...\n\n") == [])
        #expect(sentences("1.\n-5\n3.5 kg") == ["1.", "-5", "3.5 kg"])
        #expect(sentences("Before.\n```\nlet a = 1\n```\nAfter.") == ["Before.", "After."])
    }

    @Test func sentencesEndWithTheirLines() {
        #expect(sentences("Roses are red\nViolets are blue") == ["Roses are red", "Violets are blue"])
        #expect(sentences("Dear Tom\n\nhow are you") == ["Dear Tom", "how are you"])
    }

    @Test func otherSeparatorsAreSpace() {
        #expect(sentences("I am\u{B}hungry.") == ["I am\u{B}hungry."])
        #expect(sentences("I am\u{2028}hungry.") == ["I am\u{2028}hungry."])
        #expect(sentences("one\u{2029}two") == ["one", "two"])
    }

    @Test func filledParagraphsAreOne() {
        let text = """
              The quick brown fox jumps over the lazy
              dog. It does so every day, and nobody
              knows why. Ask it.

            End.
            """
        #expect(
            sentences(text) == [
                "The quick brown fox jumps over the lazy\n  dog.", "It does so every day, and nobody\n  knows why.",
                "Ask it.", "End.",
            ])
        let outline = TextOutline(of: text)
        let rebuilt = outline.rebuilt(with: [
            "One two three four five six seven eight nine ten.", "Two.", "Three.", "Fin.",
        ])
        #expect(
            rebuilt.text == """
                  One two three four five six seven eight
                  nine ten. Two. Three.

                Fin.
                """)
        let scalars = Array(rebuilt.text.unicodeScalars)
        #expect(String(String.UnicodeScalarView(scalars[rebuilt.sentences[1]])) == "Two.")
        #expect(String(String.UnicodeScalarView(scalars[rebuilt.sentences[3]])) == "Fin.")
    }

    @Test func filledWithCarriageReturns() {
        let text = "The quick brown fox jumps over the lazy\r\ndog and runs away from the old house\r\ntoday.\r\n"
        #expect(sentences(text).count == 1)
        let rebuilt = TextOutline(of: text).rebuilt(with: ["aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee"])
        #expect(rebuilt.text == "aaaaaaaaaa bbbbbbbbbb cccccccccc\r\ndddddddddd eeeeeeeeee\r\n")
    }

    @Test func offsetsAreThoseOfTheText() {
        let text = "  Hé 😀 you.  What?\n\nNo.\n"
        let outline = TextOutline(of: text)
        let scalars = Array(text.unicodeScalars)
        for (position, range) in outline.sentences.enumerated() {
            #expect(String(String.UnicodeScalarView(scalars[range])) == outline.sentence(position))
        }
        #expect(outline.sentences == [2..<11, 13..<18, 20..<23])
    }

    @Test func cuttingKeepsTheRest() {
        let outline = TextOutline(of: "A b c.  D e.\n").cutting { sentence in
            sentence == "D e." ? [0..<1, 2..<4] : [0..<sentence.unicodeScalars.count]
        }
        #expect(outline.sentences.indices.map(outline.sentence) == ["A b c.", "D", "e."])
        #expect(outline.isCut)
        #expect(outline.rebuilt(with: ["1", "2", "3"]).text == "1  2 3\n")
    }

    @Test func unsplit() {
        let outline = TextOutline(unsplit: " One.\nTwo. \n")
        #expect(outline.sentences.indices.map(outline.sentence) == ["One.\nTwo."])
        #expect(outline.rebuilt(with: ["x"]).text == " x \n")
    }
}

@Suite struct ClauseSplitterTests {
    private func parts(_ sentence: String, limit: Int) -> [String] {
        let scalars = Array(sentence.unicodeScalars)
        return ClauseSplitter(limit: limit).parts(of: sentence) { _ in 1 }.map {
            String(String.UnicodeScalarView(scalars[$0]))
        }
    }

    @Test func atClauses() {
        #expect(parts("a b c, d e f; g h, i j k", limit: 8) == ["a b c, d e f;", "g h, i j k"])
        #expect(parts("a b c, d e f g h i", limit: 5) == ["a b c,", "d e f g h", "i"])
        #expect(parts("a b c d and e f", limit: 5) == ["a b c d", "and e f"])
        #expect(parts("a b c d e f", limit: 4) == ["a b c d", "e f"])
        #expect(parts("a b", limit: 4) == ["a b"])
        #expect(parts("", limit: 4) == [])
    }

    @Test func wordsTooLongStandAlone() {
        let parts = ClauseSplitter(limit: 5).parts(of: "a xxxxxxxx b") { $0.count }
        #expect(parts == [0..<1, 2..<10, 11..<12])
    }
}
