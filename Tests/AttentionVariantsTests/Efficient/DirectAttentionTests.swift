import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Glibc
import Testing

@Suite struct DirectAttentionTests {
    @Test(arguments: DirectAttentionLaws.all.filter(\.isDifferentiable))
    func gradients(_ laws: DirectAttentionLaws) throws { try laws.checkGradients() }

    @Test(arguments: DirectAttentionLaws.all)
    func batchIsLoop(_ laws: DirectAttentionLaws) throws { try laws.checkBatchIsLoop() }

    @Test(arguments: DirectAttentionLaws.all.filter(\.takesPadding))
    func paddingIsInvisible(_ laws: DirectAttentionLaws) throws { try laws.checkPadding() }

    @Test(arguments: DirectAttentionLaws.all.filter(\.ignoresOrder))
    func orderOfKeysDoesNotMatter(_ laws: DirectAttentionLaws) throws { try laws.checkOrder() }

    @Test(arguments: DirectAttentionLaws.all.filter(\.sharesKeys))
    func sharedKeysAreCopies(_ laws: DirectAttentionLaws) throws { try laws.checkSharedKeys() }

    @Test(arguments: DirectAttentionLaws.all)
    func extremeScoresStayFinite(_ laws: DirectAttentionLaws) throws { try laws.checkExtremes() }

    @Test(arguments: DirectAttentionLaws.all.filter { !$0.takesPadding })
    func refusesPadding(_ laws: DirectAttentionLaws) throws {
        let (query, keys, values) = DirectAttentionLaws.inputs()
        #expect(throws: ShapeError.self) {
            try laws.mechanism.attend(query, Memory(preparedKeys: keys, values: values, lengths: [6, 5]))
        }
    }

    @Test func withoutKeysContextsAreZero() throws {
        let mechanisms: [any DirectAttention] = [
            FlashAttention(blockSize: 2), LinearAttention(), LinearAttention(isCausal: true), Cosformer(),
            EfficientAttention(), Performer(features: .ones([3, 4])), NystromAttention(landmarkCount: 2),
            Performer(features: .ones([3, 4]), map: .stabilized(epsilon: 1e-4)),
            Linformer(keyProjection: .zeros([3, 0]), valueProjection: .zeros([3, 0])),
        ]
        let memory = try Memory(preparedKeys: .zeros([2, 2, 0, 4]), values: .zeros([2, 2, 0, 5]))
        for mechanism in mechanisms {
            let query = randomTensor([2, 2, 6, 4], 1).tracked()
            let context = try mechanism.attend(query, memory)
            #expect(context.shape == [2, 2, 6, 5] && context.values.allSatisfy { $0 == 0 }, "\(mechanism)")
            let gradient = context.gradients(upstream: .ones(context.shape))[query]
            #expect(gradient?.values.allSatisfy { $0 == 0 } ?? true, "\(mechanism)")
            let nobody = try mechanism.attend(.zeros([2, 2, 0, 4]), memory)
            #expect(nobody.shape == [2, 2, 0, 5], "\(mechanism)")
        }
    }

    @Test(arguments: DirectAttentionLaws.all)
    func refusesQueriesThatDoNotFit(_ laws: DirectAttentionLaws) throws {
        let (_, keys, values) = DirectAttentionLaws.inputs()
        let memory = try Memory(preparedKeys: keys, values: values)
        for shape in [[2, 2, 6, 4, 1], [2, 6, 4], [1, 2, 6, 4], [2, 3, 6, 4]] as [Shape] {
            #expect(throws: ShapeError.self) { try laws.mechanism.attend(.zeros(shape), memory) }
        }
    }
}

/// The efficient forms against their definitions with a matrix of weights.
@Suite struct QuadraticDefinitionTests {
    private let inputs = DirectAttentionLaws.inputs()
    private func memory(_ lengths: [Int]? = nil) throws -> Memory {
        try Memory(preparedKeys: inputs.keys, values: inputs.values, lengths: lengths)
    }
    private func softmax(_ scope: any Scope = GlobalScope.global, _ lengths: [Int]? = nil) throws -> Tensor {
        var mechanism = AttentionMechanism()
        mechanism.scope = scope
        return try mechanism.align(inputs.query, try memory(lengths)).context
    }

    /// Σ_j w_ij v_j / Σ_j w_ij over the lengths and, if causal, j ≤ i.
    private func normalized(
        causal: Bool, lengths: [Int], _ weight: (_ q: [Double], _ k: [Double], _ i: Int, _ j: Int) -> Double
    ) throws -> Tensor {
        func row(_ tensor: Tensor, _ b: Int, _ h: Int, _ i: Int) -> [Double] {
            (0..<4).map { Double(tensor[b, h, i, $0]) }
        }
        var result: [Float] = []
        for b in 0..<2 {
            for h in 0..<2 {
                for i in 0..<6 {
                    var (sums, total) = ([Double](repeating: 0, count: 4), 0.0)
                    for j in 0..<min(lengths[b], causal ? i + 1 : 6) {
                        let w = weight(row(inputs.query, b, h, i), row(inputs.keys, b, h, j), i, j)
                        total += w
                        for e in 0..<4 { sums[e] += w * Double(inputs.values[b, h, j, e]) }
                    }
                    result += sums.map { total == 0 ? 0 : Float($0 / total) }
                }
            }
        }
        return try Tensor(result, shape: [2, 2, 6, 4])
    }

    @Test func flashIsSoftmax() throws {
        for size in [1, 2, 4, 6, 100] {
            expectClose(
                try FlashAttention(blockSize: size).attend(inputs.query, memory([3, 6])),
                try softmax(GlobalScope.global, [3, 6]), tolerance: 1e-6)
            expectClose(
                try FlashAttention(blockSize: size, isCausal: true).attend(inputs.query, memory()),
                try softmax(CausalScope.causal), tolerance: 1e-6)
        }
    }

    @Test func flashTellsItsRunningValues() throws {
        let pass = try FlashAttention(blockSize: 4, isCausal: true).pass(inputs.query, memory([0, 5]))
        #expect(pass.runningMaximum.shape == [2, 2, 2, 6] && pass.runningSum.shape == [2, 2, 2, 6])
        // The item without keys never sees one; query 2 sees none in the second block.
        #expect(pass.logSums[0, 0, 3] == -.infinity && pass.runningMaximum[1, 0, 1, 5] == -.infinity)
        #expect(pass.runningSum[1, 0, 0, 0] == 0)
        #expect(pass.runningMaximum[0, 1, 0, 2] == pass.runningMaximum[1, 1, 0, 2])
        #expect(pass.runningSum[0, 1, 0, 2] == pass.runningSum[1, 1, 0, 2])
        #expect(pass.runningSum[1, 1, 0, 5] > pass.runningSum[0, 1, 0, 5] * 0.1)
        try checkGradients(of: [inputs.query, inputs.keys]) { tensors in
            try FlashAttention(blockSize: 4).pass(
                tensors[0], Memory(preparedKeys: tensors[1], values: inputs.values)
            ).logSums
        }
    }

    @Test func linearAttentionIsItsWeights() throws {
        func phi(_ x: Double) -> Double { x > 0 ? x + 1 : exp(x) }
        for causal in [false, true] {
            let expected = try normalized(causal: causal, lengths: [4, 6]) { q, k, _, _ in
                zip(q, k).reduce(0) { $0 + phi($1.0) * phi($1.1) }
            }
            expectClose(
                try LinearAttention(isCausal: causal).attend(inputs.query, memory([4, 6])), expected, tolerance: 2e-6)
        }
    }

    @Test func causalSumsEndWhereTheShorterSideDoes() throws {
        let mechanism = LinearAttention(isCausal: true)
        let whole = try mechanism.attend(inputs.query, memory())
        let few = try inputs.query.sliced(axis: 2, 0..<3)
        expectClose(try mechanism.attend(few, memory()), try whole.sliced(axis: 2, 0..<3), tolerance: 1e-6)
        let short = try Memory(
            preparedKeys: inputs.keys.sliced(axis: 2, 0..<3), values: inputs.values.sliced(axis: 2, 0..<3))
        let all = try LinearAttention().attend(inputs.query, short)
        expectClose(
            try mechanism.attend(inputs.query, short).sliced(axis: 2, 3..<6), try all.sliced(axis: 2, 3..<6),
            tolerance: 1e-6)
    }

    @Test func cosformerIsItsWeights() throws {
        for causal in [false, true] {
            let expected = try normalized(causal: causal, lengths: [6, 5]) { q, k, i, j in
                let product = zip(q, k).reduce(0) { $0 + max(0, $1.0) * max(0, $1.1) }
                return product * cos(Double.pi / 2 * Double(i - j) / 6)
            }
            expectClose(
                try Cosformer(isCausal: causal).attend(inputs.query, memory([6, 5])), expected, tolerance: 5e-6)
        }
    }

    @Test func performersApproachSoftmax() throws {
        let features = Tensor.normal([20000, 4], key: RandomKey(seed: 12))
        for map in [Performer.FeatureMap.positive, .trigonometric, .stabilized(epsilon: 0)] {
            let found = try Performer(features: features, map: map).attend(inputs.query, memory([5, 6]))
            expectClose(found, try softmax(GlobalScope.global, [5, 6]), tolerance: 0.03)
        }
    }

    @Test func nystromWithAllLandmarksIsSoftmax() throws {
        let mechanism = NystromAttention(landmarkCount: 6, inverse: .exact)
        expectClose(try mechanism.attend(inputs.query, memory()), try softmax(), tolerance: 1e-3)
        let iterated = NystromAttention(landmarkCount: 2, inverse: .iterative(40))
        expectClose(
            try iterated.attend(inputs.query, memory()),
            try NystromAttention(landmarkCount: 2, inverse: .exact).attend(inputs.query, memory()), tolerance: 1e-4)
    }

    @Test func probSparseIsSoftmaxForTheActive() throws {
        let samples = (0..<6).map { [$0, 5 - $0] }
        let all = ProbSparseAttention(samples: samples, activeCount: 6)
        expectClose(try all.attend(inputs.query, memory()), try softmax(), tolerance: 1e-6)
        let none = ProbSparseAttention(samples: samples, activeCount: 0)
        let mean = try inputs.values.mean(axis: 2, keepingAxis: true).expanded(to: [2, 2, 6, 4])
        expectClose(try none.attend(inputs.query, memory()), mean, tolerance: 1e-6)
    }

    /// Pieces of a sequence, each with the state the last one left, are the whole.
    @Test func retentionGoesOnFromItsState() throws {
        let mechanism = Retention(headCount: 2)
        let whole = try mechanism.attend(inputs.query, memory())
        var (state, outputs): (Tensor?, [Tensor]) = (nil, [])
        for range in [0..<1, 1..<4, 4..<6] {
            func piece(_ tensor: Tensor) throws -> Tensor { try tensor.sliced(axis: 2, range) }
            let part = try mechanism.attend(
                piece(inputs.query), Memory(preparedKeys: piece(inputs.keys), values: piece(inputs.values)),
                after: state)
            (state, outputs) = (part.state, outputs + [part.output])
        }
        expectClose(try concatenated(outputs, axis: 2), whole, tolerance: 1e-6)
    }

    @Test func retentionIsItsParallelForm() throws {
        let mechanism = Retention(gamma: try Tensor([0.9, 0.4], shape: [2]), scale: 0.5)
        let parallel = try matmul(try mechanism.weights(inputs.query, memory()), inputs.values)
        expectClose(try mechanism.attend(inputs.query, memory()), parallel, tolerance: 1e-6)
        try checkGradients(of: [mechanism.gamma.tensor]) { tensors in
            try Retention(gamma: tensors[0]).weights(inputs.query, memory())
        }
        #expect(Retention(headCount: 2).gamma.tensor.values == [0.96875, 0.984375])
        // A factor of 0 forgets everything but the present, and has a gradient all the same.
        try checkGradients(of: [.zeros([2])]) { try Retention(gamma: $0[0]).attend(inputs.query, memory()) }
    }
}

@Suite struct DirectAttentionErrorTests {
    private func sentence(_ body: () throws -> Tensor) throws -> String {
        "\(try #require(throws: ShapeError.self) { _ = try body() })"
    }

    @Test func sentencesNameWhatWasExpectedAndFound() throws {
        let (query, keys, values) = DirectAttentionLaws.inputs()
        let memory = try Memory(preparedKeys: keys, values: values)
        #expect(
            try sentence { try LinearAttention().attend(.zeros([2, 3, 6, 4]), memory) }
                == "linearAttention: expected queries [2, n · 2, Q, 4] for keys [2, 2, 6, 4], found [2, 3, 6, 4]")
        #expect(
            try sentence { try FlashAttention(blockSize: 0).attend(query, memory) }
                == "flash: expected blocks of at least 1 key, found 0")
        #expect(
            try sentence { try Performer(features: .zeros([8, 3])).attend(query, memory) }
                == "performer: expected random features [M, 4], found [8, 3]")
        #expect(
            try sentence { try NystromAttention(landmarkCount: 4).attend(query, memory) }
                == "nystrom: expected a number of landmarks that divides 6 queries and 6 keys, found 4")
        #expect(
            try sentence { try Retention(gamma: .ones([3])).attend(query, memory) }
                == "retention: expected a gamma [2], found [3]")
        #expect(
            try sentence {
                try ProbSparseAttention(samples: Array(repeating: [0, 6], count: 6), activeCount: 1).attend(
                    query, memory)
            } == "probSparse: expected samples of 6 keys for 6 queries, found [[0, 6], [0, 6], [0, 6], [0, 6]]")
    }
}
