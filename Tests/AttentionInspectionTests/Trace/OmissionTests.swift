import AttentionInspection
import FoundationEssentials
import Testing

/// Places that are left out: what is said of them, and that rows stay as they were.
@Suite struct OmissionTests {
    private func trace(omitted: Int) throws -> ModelTrace {
        try ModelTrace(
            name: "sound",
            sequences: [
                try TracedSequence(name: "source", pieces: ["0 s", "0.02 s"], omittedCount: omitted),
                try TracedSequence(name: "target", pieces: ["a", "b"]),
            ],
            attention: [
                TracedAttention(
                    kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0], weights: [0.5, 0.25, 0.25, 0.25])
            ])
    }

    @Test func theMissingShareIsSaid() throws {
        let sentence = """
            The last 3 of 5 places that were looked at hold nothing, such as the silence behind a sound, and are left out. Rows are as they \
            were, not divided by what is left: 0.375 of what they gave is missing on average, 0.5 at most.
            """
        let trace = try trace(omitted: 3)
        #expect(try trace.omission(of: .cross) == sentence)
        #expect(try trace.map(of: .cross).weights[0][0] == [[0.5, 0.25], [0.25, 0.25]])
        let page = HTMLRenderer().render(trace)
        #expect(page.contains("<p class=\"note\">\(sentence)</p>") && page.contains("\"omitted\":3"))
        let (whole, figure) = (try self.trace(omitted: 0), try trace.figure(.alignment, of: .cross))
        #expect(figure.svg.contains("0.375"))
        #expect(try figure.height > whole.figure(.alignment, of: .cross).height)
        #expect(try whole.omission(of: .cross) == nil && !HTMLRenderer().render(whole).contains("class=\"note\""))
        #expect(throws: TraceError.noKind("encoder", known: ["cross"])) { try trace.omission(of: .encoder) }
    }

    @Test func theHeaderHoldsIt() throws {
        let trace = try trace(omitted: 3)
        let header = try JSONDecoder().decode(
            ModelTrace.Header.self, from: try JSONEncoder().encode(trace.header))
        #expect(try ModelTrace(header, weights: trace.attention.map(\.weights)) == trace)
        #expect(trace.sequences[0].omittedCount == 3)
        #expect(try trace != self.trace(omitted: 0))
        for omitted in [-1, .max] {
            let error = TraceError.outside(
                part: "pieces left out of source", found: "\(omitted)", limit: "0 to 1073741824")
            #expect(throws: error) { try self.trace(omitted: omitted) }
        }
    }
}
