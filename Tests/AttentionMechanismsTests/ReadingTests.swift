import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct ReadingTests {
    private let query = Tensor.uniform([2, 4, 9, 6], in: -1...1, key: RandomKey(seed: 1))
    private let keys = Tensor.uniform([2, 2, 12, 6], in: -1...1, key: RandomKey(seed: 2))
    private let values = Tensor.uniform([2, 2, 12, 5], in: -1...1, key: RandomKey(seed: 3))

    @Test(arguments: [true, false]) func chosenRowsAreThoseOfAlign(fused: Bool) throws {
        let mechanism =
            fused
            ? AttentionMechanism(modifiers: [.softcap(2), .alibi()], scope: .causal)
            : AttentionMechanism(scope: .causal, normalizer: .sparsemax)
        let memory = try mechanism.remember(keys: keys, values: values, lengths: [12, 5])
        let reading = try mechanism.read(query, memory, positions: .from(3))
        let alignment = try mechanism.align(query, memory, positions: .from(3))
        #expect(reading.isFused == fused)
        expectClose(reading.context, alignment.context)
        expectClose(try reading.weights(), alignment.weights)
        let chosen = try reading.weights(heads: [3, 0], queries: [8, 2, 3])
        #expect(chosen.shape == [2, 2, 3, 12])
        for (i, head) in [3, 0].enumerated() {
            for (j, row) in [8, 2, 3].enumerated() {
                for key in 0..<12 {
                    #expect(abs(chosen[1, i, j, key] - alignment.weights[1, head, row, key]) < 1e-6)
                }
            }
        }
        #expect(try reading.weights(heads: []).shape == [2, 0, 9, 12])
    }

    @Test func refusalsNameTheIndices() throws {
        let mechanism = AttentionMechanism()
        let reading = try mechanism.read(query, try mechanism.remember(keys: keys, values: values))
        #expect(throws: ShapeError("weights", expected: "heads below 4", found: "[0, 4]")) {
            try reading.weights(heads: [0, 4])
        }
        #expect(throws: ShapeError("weights", expected: "queries below 9", found: "[-1]")) {
            try reading.weights(queries: [-1])
        }
    }
}
