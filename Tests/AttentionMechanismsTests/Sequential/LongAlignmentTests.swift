import AttentionMechanisms
import AttentionTensors
import Testing

@Suite struct LongAlignmentTests {
    /// Each step's state holds the graph of all steps before it.
    @Test func tenThousandStepsAreDifferentiatedAndFreed() throws {
        let mechanism = CoverageAttention(querySize: 2, keySize: 2, hiddenSize: 2, key: RandomKey(seed: 1)).tracked()
        let memory = try mechanism.remember(
            keys: .ones([1, 1, 2, 2]), values: try Tensor([1, 2], shape: [1, 1, 2, 1]), lengths: nil)
        let query = Tensor.uniform([1, 1, 10_000, 2], in: -1...1, key: RandomKey(seed: 2)).tracked()
        let alignment = try mechanism.alignSequence(query, memory)
        let gradients = try alignment.context.sum().gradients()
        #expect(gradients[query]?.shape == query.shape)
        #expect(gradients[mechanism.coverageWeight]?.isFinite == true)
    }

    @Test func tenThousandStepsAreFreedUndifferentiated() throws {
        let mechanism = CoverageAttention(querySize: 2, keySize: 2, hiddenSize: 2, key: RandomKey(seed: 1)).tracked()
        let memory = try mechanism.remember(keys: .ones([1, 1, 2, 2]), values: .ones([1, 1, 2, 1]), lengths: nil)
        let context = try mechanism.alignSequence(.ones([1, 1, 10_000, 2]), memory).context
        #expect(context.isTracked)
        #expect(context.values.allSatisfy { abs($0 - 1) < 1e-5 })
    }
}
