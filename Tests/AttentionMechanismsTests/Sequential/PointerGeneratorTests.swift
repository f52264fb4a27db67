import AttentionMechanisms
import AttentionTensors
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct PointerGeneratorTests {
    private let generator = PointerGenerator(
        contextWeight: random([3], 1), stateWeight: random([2], 2), inputWeight: random([4], 3), bias: random([1], 4))
    private let step = PointerGenerator.Step(
        context: random([2, 3, 3], 5), state: random([2, 3, 2], 6), input: random([2, 3, 4], 7))

    @Test func theDistributionSumsToOne() throws {
        let weights = try random([2, 3, 4], 8).softmax()
        let distribution = try PointerGenerator.distribution(
            probability: try generator.generationProbability(step), vocabularyLogits: random([2, 3, 5], 9),
            weights: weights, sourceIDs: [0, 5, 6, 0, 1, 1, 1, 6], extra: 2)
        #expect(distribution.shape == [2, 3, 7])
        for sum in try distribution.sum(axis: 2).values { #expect(abs(sum - 1) < 1e-5) }
        #expect(distribution[1, 0, 5] == 0, "an extra word that is not in this source")
    }

    @Test func gradients() throws {
        let inputs = [step.context, step.state, step.input, random([2, 3, 5], 9), try random([2, 3, 4], 8).softmax()]
        try checkGradients(of: inputs + generator.parameters().map(\.parameter.tensor)) { inputs in
            let generator = PointerGenerator(
                contextWeight: inputs[5], stateWeight: inputs[6], inputWeight: inputs[7], bias: inputs[8])
            let step = PointerGenerator.Step(context: inputs[0], state: inputs[1], input: inputs[2])
            return try PointerGenerator.distribution(
                probability: try generator.generationProbability(step), vocabularyLogits: inputs[3],
                weights: inputs[4], sourceIDs: [0, 5, 6, 0, 1, 1, 1, 6], extra: 2)
        }
    }

    @Test func refusals() throws {
        let probability = try generator.generationProbability(step)
        for (ids, extra, keys) in [
            ([0, 5, 6, 0, 1, 1, 1, 7], 2, 4), ([0, 1], 2, 4), ([0, 1, 2, 3, 0, 1, 2, 3], -1, 4),
        ] {
            #expect(throws: ShapeError.self) {
                try PointerGenerator.distribution(
                    probability: probability, vocabularyLogits: random([2, 3, 5], 9), weights: .ones([2, 3, keys]),
                    sourceIDs: ids, extra: extra)
            }
        }
        var wrong = step
        wrong.state = .zeros([2, 2, 2])
        #expect(throws: ShapeError.self) { try generator.generationProbability(wrong) }
    }
}
