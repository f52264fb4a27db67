import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

private let key = RandomKey(seed: 31)

private func additive(_ key: RandomKey = key) -> AdditiveScore {
    .additive(querySize: 4, keySize: 3, hiddenSize: 5, key: key)
}

@Suite struct SequentialMechanismTests {
    @Test(arguments: LocationSensitiveAttention.History.allCases)
    func locationSensitive(_ history: LocationSensitiveAttention.History) throws {
        try SequentialLaws(
            name: "\(history)",
            mechanism: LocationSensitiveAttention(
                querySize: 4, keySize: 3, hiddenSize: 5, filterCount: 2, width: 3, history: history, key: key)
        ).check()
    }

    @Test func smoothedLocationSensitive() throws {
        var mechanism = LocationSensitiveAttention(
            querySize: 4, keySize: 3, hiddenSize: 5, filterCount: 2, width: 3, normalizer: .normalizedSigmoid, key: key)
        try SequentialLaws(name: "smoothed", mechanism: mechanism).check()
        #expect(
            mechanism.parameters().map(\.name)
                == ["weight_query", "weight_key", "vector", "hidden_bias", "filters", "weight_location"])
        mechanism.filters = Parameter(.zeros([2, 1, 4]))
        let memory = try mechanism.remember(keys: .zeros([1, 1, 2, 3]), values: .zeros([1, 1, 2, 1]), lengths: nil)
        #expect {
            try mechanism.alignSequence(.zeros([1, 1, 1, 4]), memory)
        } throws: {
            "\($0)"
                == "location-sensitive attention: expected filters [F, 1, r] with r odd, found [2, 1, 4]"
        }
    }

    @Test func coverage() throws {
        try SequentialLaws(
            name: "coverage",
            mechanism: CoverageAttention(querySize: 4, keySize: 3, hiddenSize: 5, key: key), permutesKeys: true
        ).check()
    }

    @Test func coverageSumsWhatWasLookedAt() throws {
        let weights = try Tensor([0.5, 0.5, 1, 0, 0.25, 0.75], shape: [1, 1, 3, 2])
        let coverage = try CoverageAttention.coverage(of: weights)
        #expect(coverage.values == [0, 0, 0.5, 0.5, 1.5, 0.5])
        #expect(try CoverageAttention.loss(weights: weights, coverage: coverage).values == [0, 0.5, 0.75])
    }

    @Test func predictiveLocal() throws {
        for score in [additive() as any Score, GeneralScore.general(querySize: 4, keySize: 3, key: key)] {
            let mechanism = PredictiveLocalAttention(
                score: score, querySize: 4, hiddenSize: 3, halfWidth: 1.7, key: key[1])
            try SequentialLaws(name: "local-p", mechanism: mechanism, rowSum: .atMostOne).check()
        }
    }

    @Test func theWindowOfPredictiveLocalIsRespected() throws {
        let mechanism = PredictiveLocalAttention(
            score: .dot, positionWeight: .zeros([1, 2]), positionVector: .zeros([1]), halfWidth: 1)
        let memory = try mechanism.remember(keys: .ones([1, 1, 8, 2]), values: .ones([1, 1, 8, 1]), lengths: [6])
        let (reading, positions) = try mechanism.align(.ones([1, 1, 1, 2]), memory)
        #expect(positions.values == [3])
        expectClose(
            reading.weights, try Tensor([0, 0, 0.0451118, 1 / 3, 0.0451118, 0, 0, 0], shape: [1, 1, 1, 8]),
            tolerance: 1e-5)
    }

    @Test func attentionMechanisms() throws {
        let plain = AttentionMechanism(score: additive())
        try SequentialLaws(name: "additive", mechanism: plain, permutesKeys: true).check()
        let local = AttentionMechanism(score: additive(), scope: .localM(halfWidth: 3), normalizer: .sparsemax)
        try SequentialLaws(name: "local-m", mechanism: local, rowSum: .atMostOne, isDifferentiable: false).check()
        let placed = AttentionMechanism(modifiers: [try RotaryModifier.rope(rotarySize: 4)])
        try SequentialLaws(name: "placed", mechanism: placed, keySize: 4).check()
    }

    @Test func gaussianMixture() throws {
        let mechanism = GaussianMixtureAttention(querySize: 4, count: 2, key: key)
        try SequentialLaws(name: "mixture", mechanism: mechanism, rowSum: .any, readsKeys: false).check()
        let memory = try mechanism.remember(keys: .zeros([1, 1, 3, 1]), values: .zeros([1, 1, 3, 1]), lengths: nil)
        let positions = try mechanism.trace(.uniform([1, 1, 4, 4], in: -1...1, key: key), memory).positions
        for step in 1..<4 {
            for index in 0..<2 {
                #expect(positions[0, 0, step, index] > positions[0, 0, step - 1, index], "it only moves forward")
            }
        }
    }

    @Test func monotonicFamily() throws {
        for (name, normalizer) in [
            ("monotonic", MonotonicNormalizer.monotonic as any SequentialNormalizer),
            ("hard", HardMonotonicNormalizer.hardMonotonic), ("forward", ForwardNormalizer.forward),
        ] {
            let mechanism = MonotonicAttention(
                score: additive(), energyBias: .full(0.2, [1]), normalizer: normalizer)
            try SequentialLaws(
                name: name, mechanism: mechanism, rowSum: name == "forward" ? .one : .atMostOne,
                isDifferentiable: name != "hard"
            ).check()
        }
    }

    @Test(arguments: [1, 2, 3, nil])
    func chunkwise(_ width: Int?) throws {
        let mechanism = ChunkwiseAttention(
            score: additive(), chunkScore: GeneralScore.general(querySize: 4, keySize: 3, key: key[1]),
            energyBias: .full(0.2, [1]), width: width)
        try SequentialLaws(name: "chunks of \(width ?? 0)", mechanism: mechanism, rowSum: .atMostOne).check()
    }
}
