import AttentionInspection
import FoundationEssentials
import Testing

/// The beam in a trace: coded as it is, refused where it cannot have been.
@Suite struct TracedBeamTests {
    private typealias Hypothesis = TracedBeam.Hypothesis

    /// "a b" was written, "c" was dropped, "a" alone ended.
    static let steps: [[TracedBeam.Hypothesis]] = [
        [
            Hypothesis(parent: 0, piece: "c", logProbability: -0.5),
            Hypothesis(parent: 0, piece: "a", logProbability: -1),
        ],
        [
            Hypothesis(parent: 1, piece: "</s>", logProbability: -1.25, score: -1.1),
            Hypothesis(parent: 1, piece: "b", logProbability: -1.5),
        ],
        [Hypothesis(parent: 1, piece: "</s>", logProbability: -1.75, score: -1.0625)],
    ]

    private static func trace(_ beam: TracedBeam) throws -> ModelTrace {
        try ModelTrace(
            name: "toy",
            sequences: [
                try TracedSequence(name: "source", pieces: ["x"]),
                try TracedSequence(name: "target", pieces: ["<fr>", "a", "b", "</s>"], beam: beam),
            ],
            attention: [
                TracedAttention(kind: .cross, queries: 1, keys: 0, layers: [0], heads: [0], weights: [1, 1, 1, 1])
            ])
    }

    @Test func theHeaderHoldsIt() throws {
        let trace = try Self.trace(TracedBeam(first: 1, steps: Self.steps, answer: [1, 1, 0]))
        let data = try JSONEncoder().encode(trace.header)
        let header = try JSONDecoder().decode(ModelTrace.Header.self, from: data)
        #expect(header == trace.header)
        #expect(try ModelTrace(header, weights: trace.attention.map(\.weights)) == trace)
        // A trace without one says nothing of it.
        let text = String(decoding: try JSONEncoder().encode(try ModelTraceTests.toy().header), as: UTF8.self)
        #expect(!text.contains("beam") && !text.contains("picture"))
    }

    @Test func thePageHoldsIt() throws {
        let page = HTMLRenderer().render(
            try Self.trace(TracedBeam(first: 1, steps: Self.steps, answer: [1, 1, 0])))
        #expect(
            page.contains(
                """
                "beam":{"first":1,"answer":[1, 1, 0],"steps":[[[0," c",-0.5,null],[0," a",-1,null]],\
                [[1," \\u003c/s\\u003e",-1.25,-1.1],[1," b",-1.5,null]],[[1," \\u003c/s\\u003e",-1.75,-1.063]]]}
                """))
    }

    @Test func whatCannotHaveBeenIsRefused() throws {
        func refusal(_ steps: [[TracedBeam.Hypothesis]], _ answer: [Int], first: Int = 1) -> String? {
            let error = #expect(throws: TraceError.self) {
                try Self.trace(TracedBeam(first: first, steps: steps, answer: answer))
            }
            return error?.description
        }
        #expect(
            refusal([[Hypothesis(parent: 1, piece: "a", logProbability: -1)]], [])
                == "trace: expected the parents of the beam at step 1 0, found 1")
        var steps = Self.steps
        steps[2][0] = Hypothesis(parent: 0, piece: "b", logProbability: -2)
        #expect(
            refusal(steps, [])
                == "trace: expected the parents of the beam at step 3 a place before that had not ended, found 0")
        steps[2][0] = Hypothesis(parent: 2, piece: "b", logProbability: -2)
        #expect(refusal(steps, [])?.hasSuffix("found 2") == true)
        steps[2][0] = Hypothesis(parent: 1, piece: "b", logProbability: -.infinity)
        #expect(refusal(steps, [])?.contains("numbers of the beam at step 3 finite") == true)
        #expect(
            refusal(Self.steps, [0, 1])
                == "trace: expected the answer of the beam at step 2 a hypothesis that goes on the one before, found 1")
        #expect(refusal(Self.steps, [1, 5])?.contains("answer of the beam at step 2") == true)
        #expect(
            refusal(Self.steps, [1, 1, 0, 0])
                == "trace: expected 3 places of the answer, at most one a step, found 4")
        #expect(
            refusal(Self.steps, [1, 1, 0], first: 2)
                == "trace: expected the answer of the beam of target within 4 pieces, found 2 and 3")
        #expect(refusal(Self.steps, [], first: -1)?.contains("from 0 up") == true)
        #expect(refusal(Self.steps, [1], first: .max) != nil)
    }
}
