import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Testing

private let key = RandomKey(seed: 71)

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct ReadingTests {
    @Test func raggedDocumentsAreReadLevelByLevel() throws {
        let attention = HierarchicalAttention(4, hiddenSize: 3, key: key)
        let words = random([2, 3, 4, 4], 1).tracked()
        let lengths = [4, 0, 2, 0, 0, 0]
        let result = try attention(words, wordLengths: lengths)
        let first = try words.at(0)
        let sentences = try [(0, 4), (2, 2)].map { sentence, length in
            try attention.word(first.sliced(axis: 0, sentence..<sentence + 1).sliced(axis: 1, 0..<length)).output
        }
        let document = try attention.sentence(try stacked(sentences, axis: 1)).output
        expectClose(try result.output.sliced(axis: 0, 0..<1), document)
        #expect(result.sentenceWeights[0, 1] == 0)
        #expect(try result.sentences.at(0).at(1).values == [0, 0, 0, 0])
        #expect(try result.output.at(1).values == [0, 0, 0, 0])
        let gradient = try #require(try result.output.sum().gradients()[words])
        #expect(try gradient.at(1).values.allSatisfy { $0 == 0 })
    }

    @Test func featuresOfOneMindAreAdditiveAttention() throws {
        let score = AdditiveScore.additive(querySize: 3, keySize: 4, hiddenSize: 5, key: key)
        let weight = try score.vector.tensor.unsqueezed(axis: 0).expanded(to: [2, 5])
        let attention = FeatureWiseAttention(
            queryWeight: score.queryWeight.tensor, keyWeight: score.keyWeight.tensor, hiddenBias: .zeros([5]),
            output: Linear(weight: weight, bias: nil), activation: .tanh)
        let (query, keys, values) = (random([2, 3, 3], 1), random([2, 4, 4], 2), random([2, 4, 2], 3))
        let mechanism = AttentionMechanism(score: score)
        let memory = try mechanism.remember(
            keys: keys.unsqueezed(axis: 1), values: values.unsqueezed(axis: 1), lengths: [4, 3])
        let expected = try mechanism.align(query.unsqueezed(axis: 1), memory)
        let found = try attention(query: query, keys: keys, values: values, lengths: [4, 3])
        expectClose(found.output, try expected.context.squeezed(axis: 1))
        expectClose(try found.weights.at(1, axis: 3), try expected.weights.squeezed(axis: 1))
    }

    @Test func coAttentionIsSymmetric() throws {
        let attention = CoAttention(4, hiddenSize: 3, key: key)
        let mirrored = CoAttention(
            affinityWeight: attention.affinityWeight.tensor.transposed(),
            firstWeight: attention.secondWeight.tensor,
            secondWeight: attention.firstWeight.tensor, firstVector: attention.secondVector.tensor,
            secondVector: attention.firstVector.tensor)
        let (a, b) = (random([2, 3, 4], 1), random([2, 5, 4], 2))
        let (plain, swapped) = (try attention(first: a, second: b), try mirrored(first: b, second: a))
        expectClose(swapped.first, plain.second)
        expectClose(swapped.second, plain.first)
    }

    @Test func aFlowWithoutAQuestion() throws {
        let flow = BidirectionalAttentionFlow(3, key: key)
        let context = random([1, 2, 3], 1)
        let result = try flow(context: context, query: random([1, 4, 3], 2), queryLengths: [0])
        #expect(result.weights.values.allSatisfy { $0 == 0 })
        #expect(result.contextWeights.values == [0.5, 0.5])
        #expect(try result.output.sliced(axis: 2, 3..<6).values.allSatisfy { $0 == 0 })
        let silent = try flow(context: context, query: random([1, 4, 3], 2), contextLengths: [0])
        #expect(silent.contextWeights.values == [0, 0])
    }

    @Test func theScoreOfAFlowCanBeExchanged() throws {
        let flow = BidirectionalAttentionFlow(score: .general(querySize: 3, keySize: 3, key: key))
        let result = try flow(context: random([2, 4, 3], 1), query: random([2, 2, 3], 2))
        expectClose(try result.weights.sum(axis: 2), .ones([2, 4]))
        expectClose(try result.contextWeights.sum(axis: 1), .ones([2]))
    }

    @Test func attentionOverAttentionSharesOutOne() throws {
        let (document, query) = (random([2, 5, 3], 1), random([2, 4, 3], 2))
        let weights = try attentionOverAttention(document: document, query: query)
        expectClose(try weights.sum(axis: 1), .ones([2]))
        let order = [4, 0, 2, 1, 3]
        expectClose(
            try attentionOverAttention(document: document.reordered(axis: 1, order), query: query),
            try weights.reordered(axis: 1, order))
        #expect(try attentionOverAttention(document: .ones([1, 0, 2]), query: .ones([1, 3, 2])).shape == [1, 0])
        #expect(try attentionOverAttention(document: .ones([1, 2, 2]), query: .ones([1, 0, 2])).values == [0, 0])
    }

    @Test func hopsAreRepeatedAttention() throws {
        let (query, keys, values) = (random([2, 4], 1), random([2, 2, 5, 4], 2), random([2, 2, 5, 4], 3))
        var state = query
        for hop in 0..<2 {
            let scores = try matmul(try keys.at(hop, axis: 1), state.unsqueezed(axis: 2)).transposed()
            state = state + (try matmul(try scores.softmax(), try values.at(hop, axis: 1)).squeezed(axis: 1))
        }
        expectClose(try MemoryHops()(query, keys: keys, values: values).output, state)
        let none = try MemoryHops()(query, keys: .zeros([2, 0, 5, 4]), values: .zeros([2, 0, 5, 4]))
        #expect(none.output.values == query.values)
        #expect(none.weights.shape == [2, 0, 5])
        let empty = try MemoryHops()(query, keys: keys, values: values, lengths: [0, 0])
        #expect(empty.output.values == query.values)
    }

    @Test func refusals() {
        #expect(
            throws: ShapeError(
                "memoryHops", expected: "queries [B, D], keys [B, hops, N, Dk] and values [B, hops, N, D]",
                found: "[2, 4], [2, 1, 3, 4] and [2, 1, 3, 5]")
        ) { try MemoryHops()(.ones([2, 4]), keys: .ones([2, 1, 3, 4]), values: .ones([2, 1, 3, 5])) }
        #expect(
            throws: ShapeError(
                "bidirectionalAttentionFlow", expected: "a context [B, T, D] and a query [B, J, D]",
                found: "[1, 2, 3] and [1, 2, 4]")
        ) { try BidirectionalAttentionFlow(3, key: key)(context: .ones([1, 2, 3]), query: .ones([1, 2, 4])) }
        #expect(throws: ShapeError("coAttention", expected: "an affinity weight [4, 4]", found: "[3, 3]")) {
            try CoAttention(3, hiddenSize: 2, key: key)(first: .ones([1, 2, 4]), second: .ones([1, 2, 4]))
        }
        #expect(throws: ShapeError("hierarchicalAttention", expected: "words [B, S, W, D]", found: "[1, 2, 3]")) {
            try HierarchicalAttention(3, hiddenSize: 2, key: key)(.ones([1, 2, 3]))
        }
    }
}
