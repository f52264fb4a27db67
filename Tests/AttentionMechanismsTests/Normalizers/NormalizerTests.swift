import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct NormalizerTests {
    private static func cases() throws -> [NormalizerCase] {
        let noise = Tensor.gumbel(NormalizerCase.shape, key: RandomKey(seed: 8))
        let heads = try Tensor([0.3, -1.2, 0.8], shape: [3])
        return [
            NormalizerCase(name: "softmax", normalizer: SoftmaxNormalizer.softmax),
            NormalizerCase(
                name: "tempered", normalizer: TemperedNormalizer.tempered(.sparsemax, temperature: 0.7)),
            NormalizerCase(
                name: "softmax sink", normalizer: SoftmaxSinkNormalizer(sink: heads), sumsToOne: false),
            NormalizerCase(name: "softmax one", normalizer: SoftmaxOneNormalizer.softmaxOne, sumsToOne: false),
            NormalizerCase(name: "scalable softmax", normalizer: ScalableSoftmaxNormalizer(lengthScale: heads)),
            NormalizerCase(name: "softpick", normalizer: SoftpickNormalizer.softpick(), sumsToOne: false),
            NormalizerCase(name: "sparsemax", normalizer: SparsemaxNormalizer.sparsemax),
            NormalizerCase(name: "entmax 1.5", normalizer: Entmax15Normalizer.entmax15),
            NormalizerCase(name: "entmax 1", normalizer: EntmaxNormalizer.entmax(alpha: 1)),
            NormalizerCase(name: "entmax 1.3", normalizer: EntmaxNormalizer.entmax(alpha: 1.3)),
            NormalizerCase(name: "sigmoid", normalizer: SigmoidNormalizer.sigmoid(bias: -0.5), sumsToOne: false),
            NormalizerCase(
                name: "sigmoid by length", normalizer: SigmoidNormalizer.sigmoid(bias: .negativeLogLength),
                sumsToOne: false),
            NormalizerCase(name: "normalized sigmoid", normalizer: NormalizedSigmoidNormalizer.normalizedSigmoid),
            NormalizerCase(name: "relu", normalizer: ReLUNormalizer.relu(), sumsToOne: false),
            NormalizerCase(name: "squared relu", normalizer: ReLUNormalizer.relu(power: 2), sumsToOne: false),
            NormalizerCase(name: "top 2", normalizer: TopKNormalizer.topK(2)),
            NormalizerCase(name: "hardmax", normalizer: HardmaxNormalizer.hardmax, isDifferentiable: false),
            NormalizerCase(
                name: "stick breaking", normalizer: StickBreakingNormalizer.stickBreaking, sumsToOne: false),
            NormalizerCase(
                name: "gumbel softmax",
                normalizer: GumbelSoftmaxNormalizer.gumbelSoftmax(noise: noise, temperature: 0.6)),
            NormalizerCase(
                name: "straight through", normalizer: StraightThroughNormalizer.straightThrough(.softmax),
                isDifferentiable: false),
            NormalizerCase(name: "sinkhorn 1", normalizer: SinkhornNormalizer.sinkhorn(iterations: 1)),
            NormalizerCase(name: "sinkhorn 3", normalizer: SinkhornNormalizer.sinkhorn(iterations: 3)),
            NormalizerCase(
                name: "sinkhorn 4", normalizer: SinkhornNormalizer.sinkhorn(iterations: 4), sumsToOne: false),
            NormalizerCase(name: "over queries", normalizer: OverQueriesNormalizer.overQueries()),
            NormalizerCase(
                name: "over queries without epsilon", normalizer: OverQueriesNormalizer.overQueries(epsilon: 0),
                sumsToOne: false),
        ]
    }

    @Test func everyNormalizerObeysTheLaws() throws {
        for entry in try Self.cases() { try entry.check() }
    }

    /// One row of scores shared out.
    private func weights(_ normalizer: any Normalizer, _ scores: [Float]) throws -> [Float] {
        try normalizer.normalize(try Tensor(scores, shape: [1, 1, 1, scores.count]), visible: nil).values
    }

    @Test func softpickByHand() throws {
        let logarithms: [Float] = [1.0986123, 0, -0.6931472]  // e^z − 1 = 2, 0, −1/2
        let found = try weights(.softpick(), logarithms)
        #expect(abs(found[0] - 0.8) < 1e-6 && found[1] == 0 && found[2] == 0)
        #expect(try weights(.softpick(), [0, 0, 0]) == [0, 0, 0])
        #expect(try weights(.softpick(), [-2000, -1, -3]) == [0, 0, 0])
        #expect(try weights(.softpick(), [10000, -10000, 10000]) == [0.5, 0, 0.5])
    }

    @Test func sparsemaxByHand() throws {
        #expect(try weights(.sparsemax, [1, 0.5, -1]) == [0.75, 0.25, 0])
        #expect(try weights(.sparsemax, [10000, 9999.5, 0]) == [0.75, 0.25, 0])
        #expect(try weights(.sparsemax, [3, 3, 3, 3]) == [0.25, 0.25, 0.25, 0.25])
    }

    @Test func entmaxJoinsSoftmaxAndSparsemax() throws {
        let scores: [Float] = [0.3, -0.4, 1.1, 0.2, 0.9]
        for (alpha, other) in [(1, .softmax), (1.5, .entmax15), (2, .sparsemax)] as [(Double, any Normalizer)] {
            let (found, expected) = (try weights(.entmax(alpha: alpha), scores), try weights(other, scores))
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "α = \(alpha)")
        }
        let nearlySoftmax = try weights(.entmax(alpha: 1.0001), scores)
        #expect(zip(nearlySoftmax, try weights(.softmax, scores)).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func tiesGoToTheEarlierKey() throws {
        #expect(try weights(.hardmax, [1, 2, 2, 0]) == [0, 1, 0, 0])
        #expect(try weights(.topK(2), [5, 7, 5, 5]).map { $0 > 0 } == [true, true, false, false])
        #expect(try weights(.straightThrough(.softmax), [2, 2]) == [1, 0])
    }

    @Test func stickBreakingLeavesTheRest() throws {
        #expect(try weights(.stickBreaking, [0, 0, 0]) == [0.125, 0.25, 0.5])
        #expect(try weights(.stickBreaking, [10000, -10000]) == [1, 0])
    }

    @Test func sinkhornBalancesRowsAndColumns() throws {
        let scores = Tensor.uniform([1, 2, 4, 4], in: -1...1, key: RandomKey(seed: 3))
        let weights = try SinkhornNormalizer.sinkhorn(iterations: 60).normalize(scores, visible: nil)
        expectClose(try weights.sum(axis: -1), .ones([1, 2, 4]))
        expectClose(try weights.sum(axis: -2), .ones([1, 2, 4]))
    }

    @Test func normalizedSigmoidWithoutAnySigmoidLeft() throws {
        #expect(try weights(.normalizedSigmoid, [-10000, -10000]) == [0.5, 0.5])
    }

    @Test func mechanismsReadAsTheirParts() throws {
        let mechanism = AttentionMechanism(
            score: .cosine(scale: 8), scope: .causal, normalizer: .tempered(.sparsemax, temperature: 0.5))
        let memory = try mechanism.remember(keys: .ones([1, 1, 4, 2]), values: .ones([1, 1, 4, 2]))
        let weights = try mechanism.align(.ones([1, 1, 4, 2]), memory).weights
        for query in 0..<4 {
            for key in 0..<4 {
                let expected: Float = key <= query ? 1 / Float(query + 1) : 0
                #expect(abs(weights[0, 0, query, key] - expected) < 1e-6)
            }
        }
    }

    @Test func parametersHaveTheirNames() {
        #expect(SoftmaxSinkNormalizer.softmaxSink(headCount: 4).parameters().map(\.name) == ["sink"])
        let tempered = TemperedNormalizer.tempered(.scalableSoftmax(headCount: 4), temperature: 2)
        #expect(tempered.parameters().map(\.name) == ["length_scale"])
    }

    @Test func refusalsNameBothShapes() throws {
        let scores = Tensor.zeros([1, 3, 2, 2])
        #expect(
            throws: ShapeError(
                "scalable softmax", expected: "scores [B, H, Q, K] and factors [H]", found: "[1, 3, 2, 2] and [2]")
        ) { try ScalableSoftmaxNormalizer.scalableSoftmax(headCount: 2).normalize(scores, visible: nil) }
        #expect(throws: ShapeError.self) {
            try SparsemaxNormalizer.sparsemax.normalize(scores, visible: try Mask([true, true, false], shape: [3]))
        }
    }
}
