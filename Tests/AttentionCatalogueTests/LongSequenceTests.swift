import AttentionCatalogue
import AttentionMechanisms
import AttentionTensors
import Testing

/// A mechanism that goes through 12,000 queries one by one leaves a graph as deep as that.
@Suite struct LongSequenceTests {
    @Test(arguments: [false, true]) func coverageOfManyQueries(withGradients: Bool) throws {
        func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
            .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
        }
        let queryCount = 12_000
        let tensors = [
            "query": random([1, queryCount, 2], 1), "key": random([1, 2, 2], 2),
            "value": random([1, 2, 1], 3),
            "weight_query": random([2, 2], 4), "weight_key": random([2, 2], 5), "weight_coverage": random([2], 6),
            "hidden_bias": random([2], 7), "vector": random([2], 8), "upstream.output": .ones([1, queryCount, 1]),
        ]
        let outputs = try specification(#"{"mechanism": "coverage", "options": {}}"#)
            .compute(file(tensors), withGradients: withGradients)
        let output = try #require(outputs["output"]?.tensor)
        #expect(output.shape == [1, queryCount, 1])
        #expect(output.isTracked == withGradients)
        #expect((outputs["grad.query"] != nil) == withGradients)
    }
}
