import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct HardAttentionTests {
    private let mechanism = AttentionMechanism()

    @Test func drawsFollowTheWeights() throws {
        let memory = try mechanism.remember(
            keys: random([1, 1, 4, 3], 2), values: random([1, 1, 4, 2], 3), lengths: [3])
        let query = try random([1, 1, 1, 3], 1).expanded(to: [1, 1, 4000, 3]).contiguous()
        let sample = try mechanism.sample(query, memory, key: RandomKey(seed: 7))
        let weights = sample.weights.values.prefix(4)
        for key in 0..<4 {
            let share = Float(sample.indices.filter { $0 == key }.count) / 4000
            #expect(abs(share - weights[key]) < 0.03)
        }
        #expect(sample.indices == (try mechanism.sample(query, memory, key: RandomKey(seed: 7)).indices))
    }

    @Test func drawsAtTheEdges() throws {
        let memory = try mechanism.remember(
            keys: .zeros([2, 1, 4, 1]), values: try Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 1, 4, 1]),
            lengths: [4, 0])
        let uniform = try Tensor([0, 0.25, 0.9999, 1, 0, 0, 0, 0], shape: [2, 1, 4])
        let sample = try mechanism.sample(.zeros([2, 1, 4, 1]), memory, uniform: uniform)
        #expect(sample.indices == [0, 1, 3, 3, -1, -1, -1, -1])
        #expect(sample.context.values == [1, 2, 4, 4, 0, 0, 0, 0])
        expectClose(try sample.entropy.sum(axis: -1), try Tensor([4 * 1.386_294_4, 0], shape: [2, 1]))
        #expect(sample.logProbability.values.suffix(4) == [0, 0, 0, 0])
    }

    /// The estimator's mean over all draws, by enumeration, is the gradient of the expected reward.
    @Test func estimatorIsUnbiased() throws {
        let rewards = random([1, 1, 2, 5], 4)
        let (keys, values) = (random([1, 1, 5, 3], 2), random([1, 1, 5, 2], 3))
        let query = random([1, 1, 2, 3], 1).tracked()
        let memory = try mechanism.remember(keys: keys, values: values)
        let alignment = try mechanism.align(query, memory)
        let exact = try #require(try alignment.expectation(of: rewards).sum().gradients()[query])

        var mean = Tensor.zeros([1, 1, 2, 3])
        let weights = alignment.weights.values
        for first in 0..<5 {
            for second in 0..<5 {
                // A number in the middle of the key's share of [0, 1) draws that key.
                let numbers = [first, second].enumerated().map { row, key in
                    weights[row * 5..<row * 5 + key].reduce(0, +) + weights[row * 5 + key] / 2
                }
                let sample = try mechanism.sample(query, memory, uniform: Tensor(numbers, shape: [1, 1, 2]))
                #expect(sample.indices == [first, second])
                let reward = try Tensor([rewards[0, 0, 0, first], rewards[0, 0, 1, second]], shape: [1, 1, 2])
                let surrogate = try sample.surrogate(reward: reward, baseline: .full(0.3, [1]))
                let estimate = try #require(try surrogate.gradients()[query])
                mean = mean + estimate * (weights[first] * weights[5 + second])
            }
        }
        expectClose(mean, exact, tolerance: 1e-5)
    }

    @Test func entropyBonus() throws {
        let memory = try mechanism.remember(keys: random([1, 2, 5, 3], 2), values: random([1, 2, 5, 2], 3))
        let uniform = Tensor.uniform([1, 2, 3], in: 0...0.99, key: RandomKey(seed: 5))
        try checkGradients(of: [random([1, 2, 3, 3], 1)]) {
            try mechanism.sample($0[0], memory, uniform: uniform)
                .surrogate(reward: .zeros([1]), reinforceWeight: 0, entropyWeight: 0.7)
        }
    }

    @Test func movingBaseline() {
        var baseline = MovingBaseline(decay: 0.75)
        #expect(baseline.value == 0)
        baseline.update(with: [])
        baseline.update(with: [2, 4])
        #expect(baseline.value == 3)
        baseline.update(with: [7])
        #expect(baseline.value == 4)
    }
}
