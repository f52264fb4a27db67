import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import Testing

/// A part of attention that is asked for by its name alone.
@Suite struct PartTests {
    private let query = Tensor.normal([1, 1, 2, 3], key: RandomKey(seed: 1))
    private let key = Tensor.normal([1, 1, 4, 3], key: RandomKey(seed: 2))

    private func output(_ json: String) throws -> [Float] {
        let tensors = try file([
            "query": query, "key": key, "value": key, "weight": .normal([3, 3], key: RandomKey(seed: 3)),
        ])
        return try #require(try specification(json).compute(tensors, withGradients: false)["output"]?.tensor).values
    }

    @Test(arguments: [
        ("general", #""score": {"kind": "general"}"#), ("causal", #""scopes": [{"kind": "causal"}]"#),
        ("sparsemax", #""normalizer": {"kind": "sparsemax"}"#), ("scaled_dot", ""), ("softmax", ""),
    ])
    func nameAloneMeansThePart(name: String, options: String) throws {
        let named = try output(#"{"mechanism": "\#(name)"}"#)
        #expect(try named == output(#"{"mechanism": "\#(name)", "options": {\#(options)}}"#))
        if !options.isEmpty { #expect(try named != output(#"{"mechanism": "scaled_dot"}"#)) }
    }

    @Test func otherPartOfItsGroupIsAContradiction() {
        #expect(throws: RequestError.self) {
            try output(#"{"mechanism": "general", "options": {"score": {"kind": "dot"}}}"#)
        }
    }

    @Test func windowsNeedTheirSides() {
        #expect(throws: RequestError.missingOption("left", mechanism: "sliding_window")) {
            try output(#"{"mechanism": "sliding_window"}"#)
        }
    }
}
