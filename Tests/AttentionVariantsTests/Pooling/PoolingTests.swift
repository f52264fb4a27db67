import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private let key = RandomKey(seed: 51)

/// A pooling as a function of sequences and lengths.
private typealias Pooling = @Sendable (Tensor, [Int]?) throws -> (output: Tensor, weights: Tensor)

/// Every pooling, for vectors of size 4: output [B, D], weights [B, L].
private let poolings: [(name: String, pool: Pooling)] = [
    ("query", { try QueryPooling(4, key: key)($0, lengths: $1) }),
    ("instance", { try InstancePooling(4, hiddenSize: 3, isGated: false, key: key)($0, lengths: $1) }),
    ("gated instance", { try InstancePooling(4, hiddenSize: 3, key: key)($0, lengths: $1) }),
    ("context", { try ContextPooling(4, hiddenSize: 3, key: key)($0, lengths: $1) }),
    (
        "one view",
        {
            let result = try SelfAttentiveEmbedding(4, hiddenSize: 3, viewCount: 1, key: key)($0, lengths: $1)
            return (try result.output.squeezed(axis: 1), try result.weights.squeezed(axis: 1))
        }
    ),
]

private let cases: [LayerCase] = [
    LayerCase("query", QueryPooling(4, key: key), [[3, 5, 4]]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("instance", InstancePooling(4, hiddenSize: 3, isGated: false, key: key), [[3, 5, 4]]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("gated instance", InstancePooling(4, hiddenSize: 3, key: key), [[3, 5, 4]]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("context", ContextPooling(4, hiddenSize: 3, key: key), [[3, 5, 4]]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("self-attentive", SelfAttentiveEmbedding(4, hiddenSize: 3, viewCount: 2, key: key), [[3, 5, 4]]) {
        let result = try $0($1[0])
        return [result.output, result.weights, try result.penalty()]
    },
]

@Suite struct PoolingTests {
    @Test(arguments: cases) func gradients(_ layer: LayerCase) throws { try layer.checkGradientsOfEverything() }
    @Test(arguments: cases) func batchIsLoop(_ layer: LayerCase) throws { try layer.checkBatchIsLoop() }
    @Test(arguments: cases) func emptyBatch(_ layer: LayerCase) throws { try layer.checkEmptyBatch() }
    @Test(arguments: cases) func largeInputs(_ layer: LayerCase) throws { try layer.checkLargeInputs() }

    @Test func paddingChangesNothing() throws {
        let pair = try PaddedPair([3, 5, 4], lengths: [5, 0, 2], seed: 1)
        for (name, pool) in poolings {
            let leaf = pair.disturbed.tracked()
            let (plain, padded) = (try pool(pair.sequences, pair.lengths), try pool(leaf, pair.lengths))
            #expect(plain.output.values == padded.output.values, "\(name)")
            #expect(plain.weights.values == padded.weights.values, "\(name)")
            #expect(try padded.output.at(1).values.allSatisfy { $0 == 0 }, "\(name)")
            #expect(try padded.weights.at(1).values.allSatisfy { $0 == 0 }, "\(name)")
            let gradient = try #require(try padded.output.sum().gradients()[leaf])
            #expect(try gradient.at(1).values.allSatisfy { $0 == 0 }, "\(name)")
            #expect(try gradient.at(2).sliced(axis: 0, 2..<5).values.allSatisfy { $0 == 0 }, "\(name)")
            let alone = try pool(try pair.sequences.sliced(axis: 0, 2..<3).sliced(axis: 1, 0..<2), nil)
            expectClose(alone.output, try plain.output.sliced(axis: 0, 2..<3))
        }
    }

    @Test func paddingReachesNoParameter() throws {
        let pair = try PaddedPair([3, 5, 4], lengths: [5, 0, 2], seed: 1)
        let pooling = InstancePooling(4, hiddenSize: 3, key: key).tracked()
        let plain = try pooling(pair.sequences, lengths: pair.lengths).output.sum().gradients()
        let padded = try pooling(pair.disturbed, lengths: pair.lengths).output.sum().gradients()
        for (name, parameter) in pooling.parameters() {
            #expect(try #require(plain[parameter]).values == #require(padded[parameter]).values, "\(name)")
        }
    }

    @Test func theOrderDoesNotMatter() throws {
        let x = PoolingTests.random([2, 4, 4])
        let order = [3, 1, 0, 2]
        for (_, pool) in poolings {
            let (plain, permuted) = (try pool(x, nil), try pool(try x.reordered(axis: 1, order), nil))
            expectClose(permuted.output, plain.output)
            expectClose(permuted.weights, try plain.weights.reordered(axis: 1, order))
            expectClose(try plain.weights.sum(axis: 1), .ones([2]))
        }
    }

    @Test func oneElementIsItself() throws {
        let x = PoolingTests.random([2, 1, 4])
        for (_, pool) in poolings { expectClose(try pool(x, nil).output, try x.squeezed(axis: 1)) }
    }

    @Test func emptySequencesGiveZeros() throws {
        for (_, pool) in poolings {
            let (output, weights) = try pool(.zeros([2, 0, 4]), nil)
            #expect(output.values == [Float](repeating: 0, count: 8))
            #expect(weights.shape == [2, 0])
        }
    }

    @Test func viewsThatNeverMeetHaveNoPenalty() throws {
        // Scores of ± 50 at one place each: A is the identity.
        var embedding = SelfAttentiveEmbedding(2, hiddenSize: 2, viewCount: 2, key: key)
        embedding.weight1 = Parameter(try Tensor([5, 0, 0, 5], shape: [2, 2]))
        embedding.weight2 = Parameter(try Tensor([50, -50, -50, 50], shape: [2, 2]))
        let x = try Tensor([1, 0, 0, 1], shape: [1, 2, 2])
        expectClose(try embedding(x).penalty(), .zeros([1]))
        embedding.weight2 = Parameter(try Tensor([50, -50, 50, -50], shape: [2, 2]))
        // Both views look at one place: two entries of 1 beside the diagonal.
        expectClose(try embedding(x).penalty(), .full(2, [1]))
    }

    @Test func refusals() {
        let pooling = ContextPooling(4, hiddenSize: 3, key: key)
        #expect(throws: ShapeError("clearingPadding", expected: "2 lengths of at most 3", found: "[3]")) {
            try pooling(.ones([2, 3, 4]), lengths: [3])
        }
        #expect(throws: ShapeError("clearingPadding", expected: "2 lengths of at most 3", found: "[4, -1]")) {
            try QueryPooling(4, key: key)(.ones([2, 3, 4]), lengths: [4, -1])
        }
        #expect(throws: ShapeError.self) { try pooling(.ones([2, 3, 5])) }
        #expect(
            throws: ShapeError("pooling", expected: "queries [R, A] and keys [B, L, A]", found: "[1, 4] and [3, 4]")
        ) { try QueryPooling(4, key: key)(.ones([3, 4])) }
        #expect(
            throws: ShapeError("instancePooling", expected: "a gate weight that gives [1, 2, 3]", found: "[1, 2, 5]")
        ) {
            try InstancePooling(weight: .ones([3, 4]), gateWeight: .ones([5, 4]), vector: .ones([3]))(.ones([1, 2, 4]))
        }
    }

    private static func random(_ shape: Shape) -> Tensor { .uniform(shape, in: -1...1, key: RandomKey(seed: 9)) }
}
