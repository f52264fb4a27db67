import AttentionInspection
import FoundationEssentials
import Testing

/// Some of the rows, and of each the greatest weights.
@Suite struct TraceSelectionTests {
    @Test func rowsAreASequenceOfTheirOwn() throws {
        let whole = try ModelTraceTests.toy()
        let trace = try whole.keeping(.encoder, rows: [2, 0])
        let part = trace.attention[0]
        #expect(trace.sequences.count == 2 && part.queries == 1 && part.keys == 0 && part.top == nil)
        #expect(trace.sequences[1].name == "rows of text" && trace.sequences[1].pieces == ["▁ch", "<s>"])
        #expect(trace.sequences[1].words == [1, nil] && trace.sequences[0] == whole.sequences[0])
        #expect(part.weights == [0.25, 0.25, 0.25, 0.25, 1, 0, 0, 0] + [0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0])
        let map = try trace.map(of: .encoder)
        #expect(map.target == ["ch", "<s>"] && map.source == ["<s>", "un", "␣ch", "at"])
        #expect(try trace.omission(of: .encoder) == nil)
        #expect(try whole.keeping(.encoder).attention == whole.attention)
    }

    @Test func theGreatestAreKept() throws {
        let trace = try ModelTraceTests.toy().keeping(.encoder, rows: [1, 2], top: 1)
        // Of equals the first.
        #expect(trace.attention[0].weights == [0.5, 0, 0, 0, 0.25, 0, 0, 0] + [0.25, 0, 0, 0, 0, 0, 0.5, 0])
        #expect(
            try trace.omission(of: .encoder)
                == "Of each row the 1 greatest weights are kept. Rows are as they were, not divided by what is left: 0.625 of what they gave "
                + "is missing on average, 0.75 at most.")
        // More than there are is all.
        let all = try ModelTraceTests.toy().keeping(.encoder, top: 9)
        #expect(all.attention[0].weights == (try ModelTraceTests.toy()).attention[0].weights)
        // Of few no more can be kept.
        #expect(try trace.keeping(.encoder, top: 9).attention[0].top == 1)
    }

    @Test func theHeaderKeepsPlaces() throws {
        let trace = try ModelTraceTests.toy().keeping(.encoder, top: 2)
        let part = trace.attention[0]
        let (values, places) = trace.greatest(of: part, 2)
        #expect(values.count == 16 && places.count == 16 && places.allSatisfy { (0..<4).contains($0) })
        let header = try JSONDecoder().decode(
            ModelTrace.Header.self, from: try JSONEncoder().encode(trace.header))
        #expect(header.attention[0].placesName == "encoder.places" && header.attention[0].top == 2)
        #expect(try ModelTrace(header, weights: [values], places: [places]) == trace)
        func refusal(_ values: [Float], _ places: [Int]) -> String? {
            let error = #expect(throws: TraceError.self) {
                try ModelTrace(header, weights: [values], places: [places])
            }
            return error?.description
        }
        #expect(
            refusal(values, [Int](repeating: 4, count: 16))
                == "trace: expected the places of encoder from 0, below 4, found 4")
        #expect(
            refusal(values, Array(places.dropLast()))
                == "trace: expected 16 places of encoder, 2 a row, found 15")
        #expect(refusal([1], places) == "trace: expected 16 weights of encoder, 2 a row, found 1")
        #expect(throws: TraceError.count(part: "lists of places, one a kind", expected: 1, found: 0)) {
            try ModelTrace(header, weights: [values], places: [])
        }
    }

    @Test func whatThereIsNotIsRefused() throws {
        let trace = try ModelTraceTests.toy()
        #expect(throws: TraceError.outside(part: "rows of encoder", found: "5", limit: "from 1 to 4")) {
            try trace.keeping(.encoder, rows: [0, 4])
        }
        #expect(throws: TraceError.outside(part: "greatest weights of each row", found: "0", limit: "at least 1")) {
            try trace.keeping(.encoder, top: 0)
        }
        #expect(throws: TraceError.noKind("cross", known: ["encoder"])) { try trace.keeping(.cross, top: 1) }
    }
}
