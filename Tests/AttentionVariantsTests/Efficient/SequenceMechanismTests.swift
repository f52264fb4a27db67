import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

/// Attention free layers, RWKV's averages, synthesizers, external memories and Hopfield networks, on tensors [B, L, D].
@Suite struct SequenceMechanismTests {
    private let query = randomTensor([2, 5, 3], 1)
    private let keys = randomTensor([2, 5, 3], 2)
    private let values = randomTensor([2, 5, 3], 3)
    private let bias = randomTensor([5, 5], 4)

    private static let layers: [AttentionFree] = [false, true].flatMap { causal in
        [AttentionFree.Variant.full, .simple, .local(window: 2)].map { variant in
            AttentionFree(positionBias: randomTensor([5, 5], 4), variant: variant, isCausal: causal)
        }
    }

    @Test(arguments: Self.layers.indices) func attentionFreeGradients(_ index: Int) throws {
        var layer = Self.layers[index]
        let inputs = [query, keys, values] + (layer.variant == .simple ? [] : [bias])
        for lengths in [nil, [5, 3], [0, 4]] {
            try checkGradients(of: inputs, samples: 40) { inputs in
                if inputs.count > 3 { layer.positionBias = Parameter(inputs[3]) }
                return try layer.attend(query: inputs[0], keys: inputs[1], values: inputs[2], lengths: lengths)
            }
        }
    }

    @Test(arguments: Self.layers.indices) func attentionFreeIsItsWeights(_ index: Int) throws {
        let layer = Self.layers[index]
        for lengths in [nil, [5, 3], [0, 4]] {
            let weights = try layer.weights(query: query, keys: keys, values: values, lengths: lengths)
            let average = try (weights * values.unsqueezed(axis: 1)).sum(axis: 2)
            let found = try layer.attend(query: query, keys: keys, values: values, lengths: lengths)
            expectClose(found, query.sigmoid() * average, tolerance: 1e-6)
        }
        var dirty = keys.values
        for position in 3 * 3..<5 * 3 { dirty[15 + position] = .nan }
        let found = try layer.attend(
            query: query, keys: Tensor(dirty, shape: [2, 5, 3]), values: Tensor(dirty, shape: [2, 5, 3]),
            lengths: [5, 3])
        #expect(found.values.allSatisfy { $0.isFinite })
    }

    @Test func simpleIsFullWithoutBiases() throws {
        for causal in [false, true] {
            let simple = AttentionFree(variant: .simple, isCausal: causal)
            let full = AttentionFree(positionBias: .zeros([5, 5]), isCausal: causal)
            for scale in [1, 1e4] as [Float] {
                expectClose(
                    try simple.attend(query: query, keys: keys * scale, values: values),
                    try full.attend(query: query, keys: keys * scale, values: values), tolerance: 1e-6)
            }
        }
    }

    @Test func weightedKeyValuesFollowTheirFormula() throws {
        let (decay, bonus) = (randomTensor([3], 5), randomTensor([3], 6))
        for scale in [1, 50] as [Float] {
            let found = try WeightedKeyValues(decay: decay, bonus: bonus).attend(keys: keys * scale, values: values)
            let rates = decay.exponential()
            for (item, channel) in [(0, 0), (1, 1), (1, 2)] {
                for t in 0..<5 {
                    let exponents = try Tensor(
                        (0...t).map { i in
                            let key = keys[item, i, channel] * scale
                            return i == t ? key + bonus[channel] : key - Float(t - 1 - i) * rates[channel]
                        }, shape: [t + 1])
                    let weights = try exponents.softmax()
                    let expected = (0...t).reduce(0) { $0 + weights[$1] * values[item, $1, channel] }
                    #expect(abs(found[item, t, channel] - expected) < 1e-5)
                }
            }
        }
    }

    @Test func weightedKeyValuesGradients() throws {
        try checkGradients(of: [keys, values, randomTensor([3], 5), randomTensor([3], 6)]) { inputs in
            try WeightedKeyValues(decay: inputs[2], bonus: inputs[3]).attend(keys: inputs[0], values: inputs[1])
        }
        let leaf = (keys * 1e4).tracked()
        let extreme = try WeightedKeyValues(decay: .zeros([3]), bonus: .zeros([3])).attend(keys: leaf, values: values)
        let gradient = extreme.gradients(upstream: .ones(extreme.shape))[leaf]
        #expect(extreme.values.allSatisfy { $0.isFinite } && gradient?.values.allSatisfy { $0.isFinite } == true)
    }

    @Test func synthesizers() throws {
        let (first, second) = (randomTensor([4, 3], 5), randomTensor([7, 4], 6))
        let (firstBias, secondBias) = (randomTensor([4], 7), randomTensor([7], 8))
        try checkGradients(of: [query, values, first, firstBias, second, secondBias]) { inputs in
            try DenseSynthesizer(
                firstWeight: inputs[2], firstBias: inputs[3], secondWeight: inputs[4], secondBias: inputs[5],
                isCausal: true
            ).align(query: inputs[0], values: inputs[1], lengths: [2, 5]).context
        }
        let table = randomTensor([6, 7], 9)
        try checkGradients(of: [values, table]) { inputs in
            try RandomSynthesizer(scores: inputs[1]).align(values: inputs[0], lengths: [0, 4]).context
        }
        let weights = try RandomSynthesizer(scores: table, isCausal: true).align(values: values).weights
        expectClose(try weights.sum(axis: 2), .ones([2, 5]), tolerance: 1e-6)
        #expect(weights[1, 2, 3] == 0 && weights[0, 0, 0] == 1)
        let error = #expect(throws: ShapeError.self) {
            try RandomSynthesizer(scores: .zeros([5, 4])).align(values: values)
        }
        #expect("\(try #require(error))" == "synthesizer: expected at most 4 positions, one per score, found 5")
    }

    @Test func externalMemories() throws {
        let (memoryKeys, memoryValues) = (randomTensor([4, 3], 5), randomTensor([4, 2], 6))
        try checkGradients(of: [query, memoryKeys, memoryValues]) { inputs in
            try ExternalAttention(memoryKeys: inputs[1], memoryValues: inputs[2]).align(query: inputs[0]).context
        }
        let mechanism = ExternalAttention(memoryKeys: memoryKeys, memoryValues: memoryValues, epsilon: 0)
        expectClose(try mechanism.align(query: query).weights.sum(axis: 2), .ones([2, 5]), tolerance: 1e-6)
        let extreme = try mechanism.align(query: query * 1e4)
        #expect(extreme.context.values.allSatisfy { $0.isFinite })
    }

    @Test func hopfieldNetworks() throws {
        let patterns = randomTensor([2, 4, 3], 7)
        let network = HopfieldNetwork(inverseTemperature: 1.5, stepCount: 2)
        for lengths in [nil, [4, 2], [0, 4]] {
            try checkGradients(of: [query, patterns]) { inputs in
                try network.retrieve(inputs[0], patterns: inputs[1], lengths: lengths).context
            }
            try checkGradients(of: [query, patterns]) { inputs in
                try network.energy(inputs[0], patterns: inputs[1], lengths: lengths)
            }
        }
        var (state, energy) = (query, try network.energy(query, patterns: patterns))
        for _ in 0..<5 {
            state = try HopfieldNetwork(inverseTemperature: 1.5).retrieve(state, patterns: patterns).context
            let next = try network.energy(state, patterns: patterns)
            #expect(zip(next.values, energy.values).allSatisfy { $0 <= $1 + 1e-6 })
            energy = next
        }
        // A sharp network retrieves the stored pattern that a state is near to.
        let stored = try HopfieldNetwork(inverseTemperature: 1e4).retrieve(patterns * 1.01, patterns: patterns * 3)
        #expect(stored.context.shape == [2, 4, 3])
        let empty = try network.retrieve(query, patterns: .zeros([2, 0, 3]))
        #expect(empty.context.values.allSatisfy { $0 == 0 })
        let error = #expect(throws: ShapeError.self) {
            try HopfieldNetwork(inverseTemperature: 0).retrieve(query, patterns: patterns)
        }
        #expect("\(try #require(error))" == "hopfield: expected a finite beta above 0, found 0.0")
    }
}
