import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

private let key = RandomKey(seed: 41)

private func decoder(_ mechanism: some SequentialMechanism) -> AttendingRecurrence {
    AttendingRecurrence(mechanism: mechanism, cell: GRUCell(3 + 2, 4, key: key[0]))
}

@Suite struct AttendingRecurrenceTests {
    private let mechanisms: [any SequentialMechanism] = [
        AttentionMechanism(score: .additive(querySize: 4, keySize: 3, hiddenSize: 5, key: key[1])),
        LocationSensitiveAttention(querySize: 4, keySize: 3, hiddenSize: 5, filterCount: 2, width: 3, key: key[2]),
        CoverageAttention(querySize: 4, keySize: 3, hiddenSize: 5, key: key[3]),
        GaussianMixtureAttention(querySize: 4, count: 2, key: key[4]),
    ]

    @Test func batchIsLoopAndPaddingChangesNothing() throws {
        let (inputs, keys, values) = (random([2, 3, 3], 1), random([2, 1, 5, 3], 2), random([2, 1, 5, 2], 3))
        for mechanism in mechanisms {
            let decoder = decoder(mechanism)
            let memory = try mechanism.remember(keys: keys, values: values, lengths: [5, 2])
            let together = try decoder(inputs, memory, from: RecurrentState(hidden: random([2, 4], 4)))
            #expect(together.states.shape == [2, 3, 4] && together.contexts.shape == [2, 3, 2])
            let second = try mechanism.remember(
                keys: keys.selecting([1]).sliced(axis: 2, 0..<2), values: values.selecting([1]).sliced(axis: 2, 0..<2),
                lengths: nil)
            let alone = try decoder(
                inputs.selecting([1]), second, from: RecurrentState(hidden: random([2, 4], 4).selecting([1])))
            expectClose(alone.states, try together.states.selecting([1]), tolerance: 1e-5)
            expectClose(alone.weights, try together.weights.selecting([1]).sliced(axis: 2, 0..<2), tolerance: 1e-5)
        }
    }

    @Test func gradients() throws {
        // The window of Gaussians reads no keys.
        for mechanism in mechanisms.dropLast() {
            let decoder = decoder(mechanism)
            let names = decoder.parameters()
            let inputs = [
                random([2, 3, 3], 1), random([2, 1, 4, 3], 2), random([2, 1, 4, 2], 3), random([2, 4], 4),
            ]
            try checkGradients(of: inputs + names.map(\.parameter.tensor), samples: 6) { inputs in
                let byName = Dictionary(uniqueKeysWithValues: zip(names.map(\.name), inputs.dropFirst(4)))
                let decoder = decoder.mapTensors { byName[$0] ?? $1 }
                let memory = try decoder.mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [4, 2])
                return try decoder(inputs[0], memory, from: RecurrentState(hidden: inputs[3])).states
            }
        }
    }

    @Test func nothingToReadAndNothingToDo() throws {
        let mechanism = AttentionMechanism(score: .additive(querySize: 4, keySize: 3, hiddenSize: 5, key: key[1]))
        let memory = try mechanism.remember(keys: .zeros([2, 1, 0, 3]), values: .zeros([2, 1, 0, 2]), lengths: nil)
        let state = RecurrentState(hidden: random([2, 4], 4))
        let trace = try decoder(mechanism)(random([2, 3, 3], 1), memory, from: state)
        #expect(trace.contexts.values.allSatisfy { $0 == 0 } && trace.weights.shape == [2, 3, 0])
        #expect(try decoder(mechanism)(.zeros([2, 0, 3]), memory, from: state).states.shape == [2, 0, 4])
        #expect(throws: ShapeError.self) { try decoder(mechanism)(.zeros([2, 3]), memory, from: state) }
        #expect(throws: ShapeError.self) { try decoder(mechanism)(.zeros([3, 1, 3]), memory, from: state) }
    }

    @Test func attentionalVectorCombines() throws {
        let layer = AttentionalVector(combineWeight: try Tensor([1, 0, 0, 2], shape: [2, 2]))
        let combined = try layer(context: .full(0.5, [1, 1]), query: .full(0.25, [1, 1]))
        expectClose(combined, try Tensor([0.46211717, 0.46211717], shape: [1, 2]), tolerance: 1e-6)
        #expect(throws: ShapeError.self) { try layer(context: .ones([1, 2]), query: .ones([1, 1])) }
        #expect(throws: ShapeError.self) { try layer(context: .ones([]), query: .ones([1, 1])) }
    }
}
