import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

/// What every direct attention promises, for 6 queries and 6 keys of size 4 in 2 heads.
struct DirectAttentionLaws: Sendable, CustomTestStringConvertible {
    let name: String
    let mechanism: any DirectAttention
    /// Whether padding can be left out.
    var takesPadding = true
    /// Whether the order of the keys does not matter.
    var ignoresOrder = false
    /// Whether the gradient is that of the output; false for stabilizers that are constants to it.
    var isDifferentiable = true
    /// Whether neighbouring query heads may share keys.
    var sharesKeys = true
    /// How large the inputs of extreme scores are.
    var extreme: Float = 100

    var testDescription: String { name }

    static let all: [DirectAttentionLaws] = [
        DirectAttentionLaws(name: "flash", mechanism: FlashAttention(blockSize: 4), ignoresOrder: true),
        DirectAttentionLaws(name: "causal flash", mechanism: FlashAttention(blockSize: 2, isCausal: true)),
        DirectAttentionLaws(name: "linear", mechanism: LinearAttention(), ignoresOrder: true),
        DirectAttentionLaws(name: "causal linear", mechanism: LinearAttention(isCausal: true, epsilon: 1e-3)),
        DirectAttentionLaws(
            name: "performer", mechanism: Performer(features: Self.features), ignoresOrder: true, extreme: 5),
        DirectAttentionLaws(
            name: "causal performer", mechanism: Performer(features: Self.features, isCausal: true), extreme: 5),
        DirectAttentionLaws(
            name: "stabilized performer",
            mechanism: Performer(features: Self.features, map: .stabilized(epsilon: 1e-4)), ignoresOrder: true,
            isDifferentiable: false),
        DirectAttentionLaws(
            name: "trigonometric performer", mechanism: Performer(features: Self.features * 0.3, map: .trigonometric),
            ignoresOrder: true, extreme: 5),
        DirectAttentionLaws(
            name: "linformer",
            mechanism: Linformer(keyProjection: randomTensor([3, 6], 31), valueProjection: randomTensor([3, 6], 32))),
        DirectAttentionLaws(
            name: "exact nystrom", mechanism: NystromAttention(landmarkCount: 2, inverse: .exact), takesPadding: false),
        DirectAttentionLaws(
            name: "iterative nystrom", mechanism: NystromAttention(landmarkCount: 3), takesPadding: false),
        DirectAttentionLaws(name: "efficient", mechanism: EfficientAttention(), ignoresOrder: true),
        DirectAttentionLaws(name: "cosformer", mechanism: Cosformer()),
        DirectAttentionLaws(name: "causal cosformer", mechanism: Cosformer(isCausal: true)),
        DirectAttentionLaws(
            name: "retention", mechanism: Retention(gamma: .full(0.8, [2]) + randomTensor([2], 33) * 0.1, scale: 0.7)),
        DirectAttentionLaws(
            name: "cross-covariance", mechanism: CrossCovarianceAttention(temperature: randomTensor([2], 34) + 2),
            sharesKeys: false),
        DirectAttentionLaws(
            name: "prob-sparse",
            mechanism: ProbSparseAttention(samples: (0..<6).map { [$0, ($0 + 2) % 6, ($0 * 2) % 6] }, activeCount: 3),
            takesPadding: false),
    ]

    private static let features = Tensor.normal([8, 4], key: RandomKey(seed: 30))

    /// Queries, keys and values that suit every mechanism.
    static func inputs(batch: Int = 2, keyHeads: Int = 2) -> (query: Tensor, keys: Tensor, values: Tensor) {
        (
            randomTensor([batch, 2, 6, 4], 1), randomTensor([batch, keyHeads, 6, 4], 2) + 0.2,
            randomTensor([batch, keyHeads, 6, 4], 3)
        )
    }

    func checkGradients() throws {
        let (query, keys, values) = Self.inputs()
        let parameters = mechanism.parameters()
        let lengths = takesPadding ? [4, 6] : nil
        try AttentionTesting.checkGradients(
            of: [query, keys, values] + parameters.map(\.parameter.tensor), samples: 40
        ) { inputs in
            let byName = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), inputs.dropFirst(3)))
            return try mechanism.mapTensors { byName[$0] ?? $1 }
                .attend(inputs[0], Memory(preparedKeys: inputs[1], values: inputs[2], lengths: lengths))
        }
    }

    func checkBatchIsLoop() throws {
        let (query, keys, values) = Self.inputs(batch: 3)
        let lengths = takesPadding ? [6, 2, 5] : nil
        let together = try mechanism.attend(query, Memory(preparedKeys: keys, values: values, lengths: lengths))
        for item in 0..<3 {
            let alone = try mechanism.attend(
                query.selecting([item]),
                Memory(preparedKeys: keys, values: values, lengths: lengths).selecting([item]))
            expectClose(alone, try together.selecting([item]), tolerance: 1e-6)
        }
    }

    /// Nothing that stands in the padding reaches the output or receives a gradient, and an item without keys reads zeros.
    func checkPadding() throws {
        let (query, keys, values) = Self.inputs(batch: 3)
        let lengths = [0, 3, 6]
        let clean = try mechanism.attend(query, Memory(preparedKeys: keys, values: values, lengths: lengths))
        for rubbish in [Float.infinity, .nan, 3e38] {
            let dirtyKeys = keys.filled(behind: lengths, with: rubbish).tracked()
            let dirtyValues = values.filled(behind: lengths, with: rubbish).tracked()
            let leaf = query.tracked()
            let dirty = try mechanism.attend(
                leaf, Memory(preparedKeys: dirtyKeys, values: dirtyValues, lengths: lengths))
            #expect(dirty.values == clean.values, "\(name)")
            let gradients = dirty.gradients(upstream: randomTensor(dirty.shape, 9))
            for tensor in [leaf, dirtyKeys, dirtyValues] {
                let gradient = try #require(gradients[tensor], "\(name)")
                #expect(gradient.values.allSatisfy { $0.isFinite }, "\(name)")
            }
            for tensor in [dirtyKeys, dirtyValues] {
                let gradient = try #require(gradients[tensor])
                #expect(gradient.values == gradient.filled(behind: lengths, with: 0).values, "\(name)")
            }
        }
        #expect(try clean.selecting([0]).values.allSatisfy { $0 == 0 }, "\(name)")
        // Whole lengths are no padding.
        let whole = try mechanism.attend(query, Memory(preparedKeys: keys, values: values, lengths: [6, 6, 6]))
        expectClose(
            whole, try mechanism.attend(query, Memory(preparedKeys: keys, values: values)), tolerance: 1e-6)
    }

    func checkOrder() throws {
        let (query, keys, values) = Self.inputs()
        let order = [3, 0, 5, 1, 4, 2]
        func permuted(_ tensor: Tensor) throws -> Tensor {
            try concatenated(order.map { try tensor.sliced(axis: 2, $0..<$0 + 1) }, axis: 2)
        }
        let plain = try mechanism.attend(query, Memory(preparedKeys: keys, values: values))
        let found = try mechanism.attend(query, Memory(preparedKeys: permuted(keys), values: permuted(values)))
        expectClose(found, plain, tolerance: 1e-5)
    }

    /// Heads that share keys read as they would from copies.
    func checkSharedKeys() throws {
        let (query, keys, values) = Self.inputs(keyHeads: 1)
        let shared = try mechanism.attend(query, Memory(preparedKeys: keys, values: values))
        let copies = try mechanism.attend(
            query,
            Memory(
                preparedKeys: concatenated([keys, keys], axis: 1), values: concatenated([values, values], axis: 1)))
        expectClose(shared, copies, tolerance: 1e-6)
    }

    func checkExtremes() throws {
        let (query, keys, values) = Self.inputs()
        let leaves = [(query * extreme).tracked(), (keys * extreme).tracked(), values.tracked()]
        let output = try mechanism.attend(leaves[0], Memory(preparedKeys: leaves[1], values: leaves[2]))
        #expect(output.values.allSatisfy { $0.isFinite }, "\(name)")
        let gradients = output.gradients(upstream: randomTensor(output.shape, 9))
        for leaf in leaves { #expect(try #require(gradients[leaf]).values.allSatisfy { $0.isFinite }, "\(name)") }
    }
}

func randomTensor(_ shape: Shape, _ seed: UInt64) -> Tensor { .uniform(shape, in: -1...1, key: RandomKey(seed: seed)) }

extension Tensor {
    /// [B, H, L, D] with this number behind the first rows of every item.
    fileprivate func filled(behind lengths: [Int], with number: Float) -> Tensor {
        let (heads, rows, size) = (shape[1], shape[2], shape[3])
        var result = values
        for index in result.indices where index / size % rows >= lengths[index / (heads * rows * size)] {
            result[index] = number
        }
        var copy = self
        copy.withMutableElements { out in for (index, value) in result.enumerated() { out[index] = value } }
        return copy
    }
}
