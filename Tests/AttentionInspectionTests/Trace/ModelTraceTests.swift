import AttentionInspection
import Testing

@Suite struct ModelTraceTests {
    /// "un chat" → `<s> un ch at`, two heads of layer 3.
    static func toy(chosen: HeadIndex? = HeadIndex(layer: 2, head: 1)) throws -> ModelTrace {
        let text = try TracedSequence(
            name: "text", text: "un chat", pieces: ["<s>", "▁un", "▁ch", "at"], words: [nil, 0, 1, 1],
            wordTexts: ["un", "chat"], offsets: [nil, 0..<2, 2..<5, 5..<7])
        let first: [Float] = [
            1, 0, 0, 0,
            0.5, 0.5, 0, 0,
            0.25, 0.25, 0.25, 0.25,
            0, 0, 0.5, 0.5,
        ]
        return try ModelTrace(
            name: "toy", sequences: [text],
            attention: [
                TracedAttention(
                    kind: .encoder, queries: 0, keys: 0, layers: [2], heads: [0, 1], chosen: chosen,
                    weights: first + first.reversed())
            ])
    }

    @Test func labelsAreWhatPeopleRead() throws {
        let text = try Self.toy().sequences[0]
        #expect(text.labels == ["<s>", "un", "ch", "at"] && text.hasSubwords)
    }

    @Test func piecesAndWords() throws {
        let map = try Self.toy().map(of: .encoder)
        #expect(map.source == ["<s>", "un", "␣ch", "at"] && map.target == map.source)
        #expect(map.layerNames == ["3"] && map.headNames == ["1", "2"])
        #expect(map.chosen == HeadIndex(layer: 0, head: 1))
        #expect(map.weights[0][0][3] == [0, 0, 0.5, 0.5])

        let words = try Self.toy().map(of: .encoder, .init(joinsWords: true, showsSpecial: false))
        #expect(words.source == ["un", "chat"])
        // From "chat": the mean of its pieces, to it the sum over them.
        #expect(words.weights[0][0] == [[0.5, 0], [0.125, 0.75]])
        let special = try Self.toy().map(of: .encoder, .init(joinsWords: true))
        #expect(special.source == ["<s>", "un", "chat"])
        #expect(throws: TraceError.noKind("cross", known: ["encoder"])) { try Self.toy().map(of: .cross) }
    }

    @Test func theHeaderSaysEverythingElse() throws {
        let trace = try Self.toy()
        #expect(try ModelTrace(trace.header, weights: trace.attention.map(\.weights)) == trace)
        #expect(trace.header.version == 1 && trace.header.attention[0].tensorName == "encoder")
        #expect(throws: TraceError.count(part: "tensors, one a kind", expected: 1, found: 0)) {
            try ModelTrace(trace.header, weights: [])
        }
    }

    @Test func aMapIsATraceOfItsOwn() throws {
        let map = try AlignmentMap(
            name: "m", source: ["a", "b"], target: ["x"], weights: [[[[0.25, 0.75]]]],
            chosen: HeadIndex(layer: 0, head: 0))
        let trace = ModelTrace(map)
        #expect(trace.attention[0].kind == .alignment && trace.attention[0].weights == [0.25, 0.75])
        #expect(try trace.map(of: .alignment).weights == map.weights)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let text = try TracedSequence(name: "text", pieces: ["a", "b"])
        func trace(_ parts: TracedAttention...) throws {
            _ = try ModelTrace(name: "", sequences: [text], attention: parts)
        }
        func part(
            layers: [Int] = [0], heads: [Int] = [0], keys: Int = 0, chosen: HeadIndex? = nil,
            weights: [Float] = [1, 0, 0, 1]
        ) -> TracedAttention {
            TracedAttention(
                kind: .encoder, queries: 0, keys: keys, layers: layers, heads: heads, chosen: chosen, weights: weights)
        }
        try trace(part())
        let wrong: [(TracedAttention, String)] = [
            (part(keys: 3), "trace: expected the sequences of encoder below 1, found 3"),
            (
                part(layers: []),
                "trace: expected the layers of encoder different numbers from 0, at least one, found []"
            ),
            (
                part(heads: [0, 0]),
                "trace: expected the heads of encoder different numbers from 0, at least one, found [0, 0]"
            ),
            (
                part(chosen: HeadIndex(layer: 0, head: 4)),
                "trace: expected the chosen head of encoder among those that were looked into, found layer 0, head 4"
            ),
            (
                part(weights: [1]),
                "trace: expected 4 weights of encoder, one for each pair of pieces in each head, found 1"
            ),
            (
                part(weights: [1, 0, 0, -1]),
                "trace: expected the weights of encoder finite and not negative, found -1.0"
            ),
            (
                part(weights: [1, 0, .nan, 1]),
                "trace: expected the weights of encoder finite and not negative, found nan"
            ),
        ]
        for (part, sentence) in wrong {
            let error = #expect(throws: TraceError.self) { try trace(part) }
            #expect(error?.description == sentence)
        }
        #expect(throws: TraceError.twice("encoder")) { try trace(part(), part()) }
        #expect(throws: TraceError.nothing) { try trace() }
        #expect(throws: TraceError.count(part: "words of t, one a piece", expected: 1, found: 0)) {
            try TracedSequence(name: "t", pieces: ["a"], words: [])
        }
        #expect(throws: TraceError.outside(part: "offsets of t", found: "0..<2", limit: "in a text of 1 scalars")) {
            try TracedSequence(name: "t", text: "a", pieces: ["a"], offsets: [0..<2])
        }
        #expect(throws: TraceError.outside(part: "words of t", found: "3", limit: "below 1")) {
            try TracedSequence(name: "t", pieces: ["a"], words: [3])
        }
        #expect(throws: TraceError.outside(part: "likely of t", found: "1.5", limit: "0 to 1")) {
            try TracedSequence(name: "t", pieces: ["a"], likely: [[LikelyPiece("a", 1.5)]])
        }
    }
}
