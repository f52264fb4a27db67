import AttentionInspection
import FoundationEssentials
import Testing

/// What people read for the pieces of a sequence, whichever way a vocabulary spells them.
@Suite struct TracedSequenceLabelsTests {
    private static let marked = ["<s>", "un", "␣ch", "at"]

    private func sequence(_ pieces: [String], _ offsets: [Range<Int>?]) throws -> TracedSequence {
        try TracedSequence(
            name: "text", text: "un chat", pieces: pieces, words: [nil, 0, 1, 1], wordTexts: ["un", "chat"],
            offsets: offsets)
    }

    /// Metaspace and byte-level pieces that hold the space, those that leave it out, and WordPiece's.
    @Test func oneTextOneLabel() throws {
        for text in [
            try sequence(["<s>", "▁un", "▁ch", "at"], [nil, 0..<2, 2..<5, 5..<7]),
            try sequence(["<s>", "un", "Ġch", "at"], [nil, 0..<2, 2..<5, 5..<7]),
            try sequence(["<s>", "un", "Ġch", "at"], [nil, 0..<2, 3..<5, 5..<7]),
            try sequence(["<s>", "un", "ch", "##at"], [nil, 0..<2, 3..<5, 5..<7]),
        ] {
            #expect(text.labels == ["<s>", "un", "ch", "at"] && text.markedLabels == Self.marked)
            #expect(text.followsSpace == [false, false, true, false])
        }
    }

    /// Where no word is cut, pieces are words, and words say where they begin.
    @Test func wordsHaveNoMarks() throws {
        let text = try TracedSequence(
            name: "text", text: "un chat", pieces: ["▁un", "▁chat"], offsets: [0..<2, 2..<7])
        #expect(text.markedLabels == ["un", "chat"] && text.followsSpace == [false, false])
        #expect(try TracedSequence(name: "text", pieces: ["▁un", "Ġchat"]).markedLabels == ["▁un", "Ġchat"])
    }

    @Test func whatPiecesAdd() throws {
        let text = try TracedSequence(
            name: "target", pieces: ["<s>", "Ġhave", "n", "âĢ", "Ļ", "t", "Ċ", "Ġ", "Ġit"],
            adding: [nil, " have", "n", "‹E2 80›", "‹99›", "t", "\n", " ", " it"])
        #expect(text.labels == ["<s>", "have", "n", "‹E2 80›", "‹99›", "t", "\n", "␣", "it"])
        #expect(text.words == [nil, 0, 0, 0, 0, 0, 1, 1, 1])
        #expect(text.wordTexts == ["haven‹E2 80›‹99›t", "it"])
        // Nothing stands before the first.
        #expect(text.followsSpace.indices.filter { text.followsSpace[$0] } == [8])
        // The pieces stay as the vocabulary spells them.
        #expect(text.pieces[1] == "Ġhave" && text.pieces[6] == "Ċ")
    }

    /// The first piece of either text follows nothing, though vocabularies spell a space with it.
    @Test func theFirstOfATextFollowsNothing() throws {
        let pieces = ["<s>", "▁un", "▁ch", "at", "</s>", "</s>", "▁un", "▁chien"]
        let texts = [nil, " un", " ch", "at", nil, nil, " un", " chien"]
        let pair = try TracedSequence(
            name: "text", pieces: pieces, adding: texts, segments: [nil, 0, 0, 0, nil, nil, 1, 1])
        #expect(pair.markedLabels == ["<s>", "un", "␣ch", "at", "</s>", "</s>", "un", "␣chien"])
        // Of one text, whatever special piece stands in it, only the first is.
        let one = try TracedSequence(
            name: "text", pieces: ["<s>", "▁a", "<mask>", "▁ch", "at"], adding: [nil, " a", nil, " ch", "at"])
        #expect(one.markedLabels == ["<s>", "a", "<mask>", "␣ch", "at"])
    }

    /// A line's end is no space within a line: a second text begins without a mark.
    @Test func lines() throws {
        let text = try TracedSequence(
            name: "text", text: "a b\ncd", pieces: ["a", "b", "c", "d"], words: [0, 1, 2, 2],
            wordTexts: ["a", "b", "cd"], offsets: [0..<1, 2..<3, 4..<5, 5..<6])
        #expect(text.markedLabels == ["a", "␣b", "c", "d"])
    }

    @Test func theHeaderHoldsIt() throws {
        let text = try TracedSequence(
            name: "target", pieces: ["Ġa", "b"], adding: [" a", "b"],
            beam: try TracedBeam(
                first: 0,
                steps: [
                    [
                        .init(parent: 0, piece: "Ġa", text: " a", logProbability: -1),
                        .init(parent: 0, piece: "Ġc", text: " c", logProbability: -2),
                    ]
                ], answer: [0]))
        let trace = try ModelTrace(
            name: "toy", sequences: [text],
            attention: [
                TracedAttention(
                    kind: .decoder, queries: 0, keys: 0, layers: [0], heads: [0], weights: [1, 0, 0.5, 0.5])
            ])
        let header = try JSONDecoder().decode(
            ModelTrace.Header.self, from: try JSONEncoder().encode(trace.header))
        #expect(try ModelTrace(header, weights: trace.attention.map(\.weights)) == trace)
        // Where offsets tell all, nothing stands twice.
        let plain = String(decoding: try JSONEncoder().encode(try ModelTraceTests.toy().header), as: UTF8.self)
        #expect(!plain.contains("\"texts\"") && !plain.contains("omitted") && !plain.contains("seconds"))
        // The page has what the beam's pieces add to a text, and where spaces stand.
        let page = HTMLRenderer().render(trace)
        #expect(page.contains("\"steps\":[[[0,\" a\",-1,null],[0,\" c\",-2,null]]]"))
        #expect(page.contains("\"labels\":[\"a\",\"b\"],\"spaced\":[]"))
        #expect(throws: TraceError.count(part: "texts of target, one a piece", expected: 1, found: 2)) {
            try TracedSequence(name: "target", pieces: ["a"], texts: ["a", "b"])
        }
    }

    /// Whoever asks for a word need not type the mark.
    @Test func wordsAreFoundWithAndWithoutMarks() throws {
        let trace = try ModelTraceTests.toy()
        for word in ["ch", "␣ch"] {
            let focus = TraceFocus(word: word, target: word)
            #expect(try trace.headNumbers(.pair, of: .encoder, ModelTrace.Grain(), focus) == [[0.25, 0.5]])
        }
        #expect(throws: TraceError.noWord("chat", known: Self.marked)) {
            try trace.headNumbers(.pair, of: .encoder, ModelTrace.Grain(), TraceFocus(word: "chat", target: "un"))
        }
        #expect(["a", "\n", "␣a", "b"].places(ofLabel: "a") == [0, 2])
        #expect(["a", "\n"].places(ofLabel: "\u{240A}") == [1])
    }
}
