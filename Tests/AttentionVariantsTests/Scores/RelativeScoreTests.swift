import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct RelativeScoreTests {
    private static let transformerXL = TransformerXLScore(
        relativeWeight: random([2 * 4, 6], 1), contentBias: random([2, 4], 2), positionBias: random([2, 4], 3))

    private static func disentangled(_ index: DisentangledScore.Index) -> DisentangledScore {
        DisentangledScore(relativeKey: random([2, 4, 4], 4), relativeQuery: random([2, 4, 4], 5), index: index)
    }

    /// With buckets of distances, and without positions that look at content.
    private static let bucketed = DisentangledScore(
        relativeKey: random([2, 12, 4], 4), relativeQuery: nil, index: .code, distances: .logarithmic(maximum: 16))

    private static let scores: [any Score] = [transformerXL, disentangled(.paper), disentangled(.code), bucketed]

    /// Six positions a side: distances up to 3 have one each, others up to 16 share two, as the released code has it.
    @Test func farDistancesSharePositions() throws {
        let buckets = [0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6]
        let (query, keys) = (random([1, 2, 1, 4], 20), random([1, 2, 17, 4], 21))
        let table = try #require(Self.bucketed.relativeKey).tensor
        let found = try Self.bucketed.compare(query, keys)
        for j in 0..<17 {
            let sum = (0..<4).reduce(Float(0)) { sum, d in
                sum + query[0, 1, 0, d] * (keys[0, 1, j, d] + table[1, 6 - buckets[j], d])
            }
            #expect(abs(found[0, 1, 0, j] - sum / Float(8).squareRoot()) < 1e-5, "key \(j)")
        }
    }

    @Test func gradients() throws {
        for score in Self.scores {
            let parameters = score.parameters()
            let inputs = [random([2, 2, 3, 4], 6), random([2, 2, 5, 4], 7)] + parameters.map(\.parameter.tensor)
            try checkGradients(of: inputs) { inputs in
                let byName = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), inputs.dropFirst(2)))
                return try score.mapTensors { byName[$0] ?? $1 }.compare(inputs[0], inputs[1])
            }
        }
    }

    /// δ and δ′ looked up pair by pair, as equations 2–4 have them.
    @Test(arguments: DisentangledScore.Index.allCases)
    func disentangledIsItsDefinition(_ index: DisentangledScore.Index) throws {
        let score = Self.disentangled(index)
        let (query, keys) = (random([1, 2, 3, 4], 8), random([1, 2, 5, 4], 9))
        let (relativeKey, relativeQuery) = (
            try #require(score.relativeKey).tensor, try #require(score.relativeQuery).tensor
        )
        let found = try score.compare(query, keys)
        func slot(_ distance: Int) -> Int { min(max(distance + 2, 0), 3) }
        for head in 0..<2 {
            for i in 0..<3 {
                for j in 0..<5 {
                    let back = slot(index == .paper ? j - i : i - j)
                    let sum = (0..<4).reduce(Float(0)) { sum, d in
                        let (q, k) = (query[0, head, i, d], keys[0, head, j, d])
                        return sum + q * k + q * relativeKey[head, slot(i - j), d]
                            + k * relativeQuery[head, back, d]
                    }
                    #expect(abs(found[0, head, i, j] - sum / Float(12).squareRoot()) < 1e-5)
                }
            }
        }
    }

    /// What the last queries of a sequence score does not depend on how many go before them in the same call.
    @Test func transformerXLSegmentsAreTheWholeSequence() throws {
        let (query, keys) = (random([2, 2, 6, 4], 10), random([2, 2, 6, 4], 11))
        let mechanism = AttentionMechanism(score: Self.transformerXL, scope: .causal(alignment: .bottomRight))
        let whole = try mechanism.align(query, mechanism.remember(keys: keys, values: keys))
        for start in 0..<6 {
            let segment = try query.sliced(axis: 2, start..<start + 1)
            let past = try keys.sliced(axis: 2, 0..<start + 1)
            let alone = try mechanism.attend(segment, mechanism.remember(keys: past, values: past))
            expectClose(alone, try whole.context.sliced(axis: 2, start..<start + 1))
        }
    }

    @Test func parametersHaveTheirNames() {
        #expect(
            Self.transformerXL.parameters().map(\.name) == ["weight_relative", "content_bias", "position_bias"])
        #expect(Self.disentangled(.code).parameters().map(\.name) == ["relative_key", "relative_query"])
    }

    @Test func refusalsNameBothShapes() {
        #expect {
            try Self.transformerXL.compare(.zeros([1, 3, 2, 4]), .zeros([1, 3, 2, 4]))
        } throws: {
            "\($0)" == "transformerXL: expected a content and a position bias [3, 4], found [2, 4] and [2, 4]"
        }
        #expect {
            try Self.disentangled(.code).compare(.zeros([1, 2, 2, 5]), .zeros([1, 2, 2, 5]))
        } throws: {
            "\($0)" == "disentangled: expected relative keys and queries [2, 2k, 5], found [2, 4, 4]"
        }
    }

    @Test func trilinearKeepsTheLawsOfScores() throws {
        try ScoreLaws(TrilinearScore.trilinear(size: 4, key: RandomKey(seed: 3)), querySize: 4, keySize: 4).checkAll()
    }
}
