import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private let key = RandomKey(seed: 61)

/// Every composition whose inputs have a batch.
private let cases: [LayerCase] = [
    LayerCase("hierarchical", HierarchicalAttention(4, hiddenSize: 3, key: key), [[2, 3, 4, 4]]) {
        let result = try $0($1[0])
        return [result.output, result.wordWeights, result.sentenceWeights, result.sentences]
    },
    LayerCase(
        "feature-wise", FeatureWiseAttention(querySize: 3, keySize: 4, valueSize: 2, hiddenSize: 5, key: key),
        [[2, 3, 3], [2, 4, 4], [2, 4, 2]]
    ) {
        let (output, weights) = try $0(query: $1[0], keys: $1[1], values: $1[2])
        return [output, weights]
    },
    LayerCase(
        "feature-wise, tanh",
        FeatureWiseAttention(querySize: 3, keySize: 4, valueSize: 2, hiddenSize: 5, activation: .tanh, key: key),
        [[2, 3, 3], [2, 4, 4], [2, 4, 2]]
    ) {
        let (output, weights) = try $0(query: $1[0], keys: $1[1], values: $1[2])
        return [output, weights]
    },
    LayerCase("co-attention", CoAttention(4, hiddenSize: 3, key: key), [[2, 3, 4], [2, 5, 4]]) {
        let result = try $0(first: $1[0], second: $1[1])
        return [result.first, result.second, result.firstWeights, result.secondWeights]
    },
    LayerCase("bidirectional flow", BidirectionalAttentionFlow(4, key: key), [[2, 5, 4], [2, 3, 4]]) {
        let result = try $0(context: $1[0], query: $1[1])
        return [result.output, result.weights, result.contextWeights]
    },
    LayerCase("attention over attention", [[2, 5, 4], [2, 3, 4]]) {
        [try attentionOverAttention(document: $0[0], query: $0[1])]
    },
    LayerCase("memory hops", MemoryHops(), [[2, 4], [2, 3, 5, 4], [2, 3, 5, 4]]) {
        let (output, weights) = try $0($1[0], keys: $1[1], values: $1[2])
        return [output, weights]
    },
    LayerCase(
        "slots", SlotAttention(inputSize: 3, slotSize: 4, hiddenSize: 5, key: key), [[2, 5, 3], [2, 3, 4]]
    ) {
        let (output, weights) = try $0($1[0], slots: $1[1])
        return [output, weights]
    },
]

@Suite struct CompositionLawTests {
    @Test(arguments: cases) func gradients(_ layer: LayerCase) throws { try layer.checkGradientsOfEverything() }
    @Test(arguments: cases) func batchIsLoop(_ layer: LayerCase) throws { try layer.checkBatchIsLoop() }
    @Test(arguments: cases) func emptyBatch(_ layer: LayerCase) throws { try layer.checkEmptyBatch() }
    @Test(arguments: cases) func largeInputs(_ layer: LayerCase) throws { try layer.checkLargeInputs() }

    @Test func paddingChangesNothing() throws {
        let lengths = [4, 0, 2]
        let pair = try PaddedPair([3, 4, 4], lengths: lengths, seed: 1)
        let query = Tensor.uniform([3, 2, 4], in: -1...1, key: RandomKey(seed: 2))
        let features = FeatureWiseAttention(querySize: 4, keySize: 4, valueSize: 4, hiddenSize: 5, key: key)
        let flow = BidirectionalAttentionFlow(4, key: key)
        let slots = SlotAttention(inputSize: 4, slotSize: 4, hiddenSize: 5, key: key)
        let readers: [(String, (Tensor) throws -> [Tensor])] = [
            (
                "feature-wise",
                {
                    let (output, weights) = try features(query: query, keys: $0, values: $0, lengths: lengths)
                    return [output, weights]
                }
            ),
            (
                "query of a flow",
                {
                    let result = try flow(context: query, query: $0, queryLengths: lengths)
                    return [result.output, result.weights, result.contextWeights]
                }
            ),
            (
                "context of a flow",
                {
                    let result = try flow(context: $0, query: query, contextLengths: lengths)
                    return [result.contextWeights, try result.output.at(0)]
                }
            ),
            (
                "memory hops",
                {
                    let memory = $0.unsqueezed(axis: 1)
                    let (output, weights) = try MemoryHops()(
                        try query.at(0, axis: 1), keys: memory, values: memory, lengths: lengths)
                    return [output, weights]
                }
            ),
            (
                "slots",
                {
                    let (output, weights) = try slots($0, slots: query, lengths: lengths)
                    return [output, weights]
                }
            ),
        ]
        for (name, read) in readers {
            for (plain, disturbed) in zip(try read(pair.sequences), try read(pair.disturbed)) {
                #expect(plain.values == disturbed.values, "\(name)")
            }
        }
    }

    @Test func parametersHaveTheirNames() {
        #expect(
            HierarchicalAttention(2, hiddenSize: 2, key: key).parameters().map(\.name) == [
                "word.weight", "word.bias", "word.context", "sentence.weight", "sentence.bias", "sentence.context",
            ])
        #expect(BidirectionalAttentionFlow(2, key: key).parameters().map(\.name) == ["weight"])
        #expect(
            SlotAttention(inputSize: 2, slotSize: 2, hiddenSize: 2, key: key).parameters().map(\.name) == [
                "norm_input.weight", "norm_input.bias", "norm_slots.weight", "norm_slots.bias", "norm_mlp.weight",
                "norm_mlp.bias", "to_q.weight", "to_k.weight", "to_v.weight", "gru.weight_ih", "gru.weight_hh",
                "gru.bias_ih", "gru.bias_hh", "mlp1.weight", "mlp1.bias", "mlp2.weight", "mlp2.bias",
            ])
        #expect(
            DynamicGraphAttention(2, headSize: 2, headCount: 2, key: key).parameters().map(\.name) == [
                "weight_target", "weight_source", "attention",
            ])
    }
}
