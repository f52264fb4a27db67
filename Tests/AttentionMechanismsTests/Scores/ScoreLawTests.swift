import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

/// Every score, for queries of size 4 and keys of size `keySize`.
private let scores: [(name: String, keySize: Int, score: any Score)] = {
    let key = RandomKey(seed: 21)
    return [
        ("dot", 4, DotScore.dot),
        ("scaled dot", 4, ScaledDotScore.scaledDot),
        ("general", 3, GeneralScore.general(querySize: 4, keySize: 3, key: key)),
        ("biased general", 3, BiasedGeneralScore.biasedGeneral(querySize: 4, keySize: 3, key: key)),
        ("activated general", 3, ActivatedGeneralScore.activatedGeneral(querySize: 4, keySize: 3, key: key)),
        ("concat", 3, ConcatScore.concat(querySize: 4, keySize: 3, hiddenSize: 6, key: key)),
        ("additive", 3, AdditiveScore.additive(querySize: 4, keySize: 3, hiddenSize: 6, key: key)),
        ("normed additive", 3, NormedAdditiveScore.normedAdditive(querySize: 4, keySize: 3, hiddenSize: 6, key: key)),
        ("cosine", 4, CosineScore.cosine(scale: 3)),
        ("gaussian kernel", 4, GaussianKernelScore.gaussianKernel(deviation: 0.8)),
    ]
}()

private let location = LocationScore.location(querySize: 4, keyLimit: 5, key: RandomKey(seed: 22))

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

extension Score {
    /// Scores of queries and keys as they come.
    fileprivate func scores(_ query: Tensor, _ keys: Tensor) throws -> Tensor {
        try compare(try transform(query: query), try transform(keys: keys))
    }
}

@Suite struct ScoreLawTests {
    @Test func scoresObeyTheirLaws() throws {
        for (_, keySize, score) in scores { try ScoreLaws(score, querySize: 4, keySize: keySize).checkAll() }
    }

    /// Where a key stands is what it is scored by, so only batches tell nothing new.
    @Test func locationObeysTheLawOfItems() throws {
        let laws = ScoreLaws(location, querySize: 4, keySize: 3)
        try laws.checkShape()
        try laws.checkItemsStandAlone()
    }

    @Test func locationIgnoresWhatKeysSay() throws {
        let query = random([2, 2, 3, 4], 1)
        let found = try location.scores(query, random([2, 2, 4, 3], 2))
        let others = try location.scores(query, .zeros([2, 2, 4, 7]))
        #expect(found.values == others.values)
        try checkGradients(of: [query, location.weight.tensor]) { inputs in
            try LocationScore(weight: inputs[1]).scores(inputs[0], .zeros([2, 2, 4, 3]))
        }
    }

    @Test func locationSeesNoKeyBeyondItsLast() throws {
        let mechanism = AttentionMechanism(score: location)
        let memory = try mechanism.remember(
            keys: random([2, 1, 7, 3], 1), values: random([2, 1, 7, 2], 2), lengths: [7, 4])
        let weights = try mechanism.align(random([2, 1, 3, 4], 3), memory).weights
        for query in 0..<3 {
            for key in 0..<7 {
                #expect((weights[0, 0, query, key] > 0) == (key < 5))
                #expect((weights[1, 0, query, key] > 0) == (key < 4))
            }
        }
    }

    @Test func cosineOfNothingIsNothing() throws {
        let (query, keys) = (Tensor.zeros([1, 1, 1, 4]).tracked(), random([1, 1, 2, 4], 2))
        let scores = try CosineScore.cosine().scores(query, keys)
        #expect(scores.values == [0, 0])
        let gradients = try scores.sum().gradients()
        let gradient = try #require(gradients[query])
        #expect(gradient.values.allSatisfy { $0.isFinite })
    }

    @Test func parametersHaveTheirNames() {
        let names = scores.map { $0.score.parameters().map(\.name) }
        #expect(names[3] == ["weight", "query_bias"])
        #expect(names[4] == ["weight", "score_bias"])
        #expect(names[7] == ["weight_query", "weight_key", "vector", "gain", "hidden_bias"])
        #expect(location.parameters().map(\.name) == ["weight"])
    }
}
