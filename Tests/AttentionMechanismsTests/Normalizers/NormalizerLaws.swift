import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// What every normalizer promises, for scores [2, 3, 4, 5].
struct NormalizerLaws {
    let name: String
    let normalizer: any Normalizer
    /// Whether rows with a visible key sum to 1.
    var sumsToOne = true
    /// Whether the gradient is that of the weights; false for hard choices and straight-through estimators.
    var isDifferentiable = true

    static let shape: Shape = [2, 3, 4, 5]

    /// Item 0 sees all keys but (query 1, key 2); item 1 only keys 0 and 2, and its query 3 none.
    static func mask() throws -> Mask {
        let entries = (0..<2).flatMap { item in
            (0..<4).flatMap { query in
                (0..<5).map { key in item == 0 ? (query, key) != (1, 2) : query != 3 && (key == 0 || key == 2) }
            }
        }
        return try Mask(entries, shape: [2, 1, 4, 5])
    }

    func check() throws {
        let scores = Tensor.uniform(Self.shape, in: -2...2, key: RandomKey(seed: 4))
        try checkWeights(of: scores)
        try checkWeights(of: scores * 5e3)
        try checkWeights(of: scores + 1e4)
        try checkWeights(of: scores - 1e4)
        try checkForbiddenScoresDoNotLeak(into: scores)
        try checkRowMask(of: scores)
        if isDifferentiable {
            try checkGradients(of: [scores] + normalizer.parameters().map(\.parameter.tensor), step: 2e-3, samples: 120)
            {
                inputs in
                try with(parameters: inputs.dropFirst()).normalize(inputs[0], visible: Self.mask())
            }
        }
    }

    /// Weights are finite and at least 0; forbidden pairs and empty rows have weight 0 and gradient 0.
    private func checkWeights(of scores: Tensor) throws {
        let (mask, leaf) = (try Self.mask(), scores.tracked())
        let weights = try normalizer.normalize(leaf, visible: mask)
        let gradients = weights.gradients(upstream: .uniform(Self.shape, in: -1...1, key: RandomKey(seed: 5)))
        let gradient = try #require(gradients[leaf], "\(name)")
        #expect(weights.shape == Self.shape && gradient.shape == Self.shape, "\(name)")
        for (item, head) in [(0, 0), (0, 2), (1, 1)] {
            for query in 0..<4 {
                let row = (0..<5).map { weights[item, head, query, $0] }
                let slopes = (0..<5).map { gradient[item, head, query, $0] }
                let isEmpty = item == 1 && query == 3
                #expect(row.allSatisfy { $0 >= 0 && $0.isFinite }, "\(name): \(row)")
                #expect(slopes.allSatisfy { $0.isFinite }, "\(name): \(slopes)")
                for key in 0..<5 where !mask[item, 0, query, key] {
                    #expect(row[key] == 0 && slopes[key] == 0, "\(name): forbidden")
                }
                let sum = row.reduce(0, +)
                if sumsToOne && !isEmpty { #expect(abs(sum - 1) < 1e-5, "\(name): \(row)") }
            }
        }
    }

    /// What stands at forbidden pairs changes nothing, be it infinite.
    private func checkForbiddenScoresDoNotLeak(into scores: Tensor) throws {
        let mask = try Self.mask()
        var values = scores.values
        for (index, _) in values.enumerated() where !mask[index / 60, 0, index / 5 % 4, index % 5] {
            values[index] = [.infinity, -.infinity, .nan][index % 3]
        }
        let spoilt = try Tensor(values, shape: Self.shape)
        let (found, expected) = (
            try normalizer.normalize(spoilt, visible: mask), try normalizer.normalize(scores, visible: mask)
        )
        #expect(found.values == expected.values, "\(name)")
    }

    /// A mask that is repeated along queries, or one of rank 1, is the same as the full one.
    private func checkRowMask(of scores: Tensor) throws {
        let row = [true, false, true, true, false]
        let full = try Mask((0..<120).map { row[$0 % 5] }, shape: Self.shape)
        let expected = try normalizer.normalize(scores, visible: full).values
        for shape: Shape in [[5], [1, 5], [1, 1, 1, 5]] {
            let found = try normalizer.normalize(scores, visible: try Mask(row, shape: shape))
            #expect(found.values == expected, "\(name)")
        }
        let all = try Mask([true], shape: [1])
        expectClose(try normalizer.normalize(scores, visible: nil), try normalizer.normalize(scores, visible: all))
    }

    private func with(parameters: ArraySlice<Tensor>) -> any Normalizer {
        let byName = Dictionary(uniqueKeysWithValues: zip(normalizer.parameters().map(\.name), parameters))
        return normalizer.mapTensors { byName[$0] ?? $1 }
    }
}
