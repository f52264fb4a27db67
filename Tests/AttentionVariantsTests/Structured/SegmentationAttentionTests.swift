import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

/// Segmentation attention against all selections of keys.
@Suite struct SegmentationAttentionTests {
    private func random(_ shape: Shape, _ seed: Int, deviation: Float = 1) -> Tensor {
        .normal(shape, deviation: deviation, key: RandomKey(seed: 61)[seed])
    }

    @Test func `weights are those of all selections`() throws {
        let (query, keys, values) = (random([2, 3, 4], 1), random([2, 5, 4], 2), random([2, 5, 2], 3))
        let transition = random([2, 2], 4)
        let lengths = [5, 3]
        let found = try SegmentationAttention(transition: transition)
            .align(query: query, keys: keys, values: values, lengths: lengths)
        let scores = try matmul(query, keys.transposed()) * 0.5
        for (item, length) in lengths.enumerated() {
            for row in 0..<3 {
                let enumeration = Enumeration(
                    structures: labelSequences(length: length, labelCount: 2).map { selection in
                        selection.indices.filter { selection[$0] == 1 }
                            + zip(selection, selection.dropFirst()).map { 5 + 2 * $0 + $1 }
                    },
                    potentials: try scores.at(item).at(row).values.map(Double.init) + transition.values.map(Double.init)
                )
                expectEnumerated(
                    try found.weights.at(item).at(row), Array(enumeration.marginals[..<5]), "weights")
                #expect(abs(Double(found.logPartition[item, row]) - enumeration.logPartition) < 1e-5)
            }
        }
        expectClose(found.context, try matmul(found.weights, values))
    }

    @Test func `without transitions each key is read with a logistic probability`() throws {
        let (query, keys) = (random([1, 2, 3], 5), random([1, 4, 3], 6))
        let found = try SegmentationAttention(score: .dot, transition: .zeros([2, 2]))
            .align(query: query, keys: keys, values: random([1, 4, 2], 7))
        expectClose(found.weights, try matmul(query, keys.transposed()).sigmoid(), tolerance: 1e-6)
    }

    @Test func `gradients are those of finite differences`() throws {
        let inputs = [random([2, 2, 3], 8), random([2, 4, 3], 9), random([2, 4, 2], 10), random([2, 2], 11)]
        try checkGradients(of: inputs) { inputs in
            try SegmentationAttention(transition: inputs[3])
                .align(query: inputs[0], keys: inputs[1], values: inputs[2], lengths: [4, 2]).context
        }
    }

    @Test func `the gradient of the log partition with respect to the scores is the weights`() throws {
        // One query of size 1 that is 1: the keys are the scores.
        let keys = random([1, 6, 1], 12).tracked()
        let found = try SegmentationAttention(score: .dot, transition: random([2, 2], 13))
            .align(query: .ones([1, 1, 1]), keys: keys, values: .zeros([1, 6, 1]))
        let gradients = try found.logPartition.sum().gradients()
        expectClose(
            try #require(gradients[keys]).detached(), try found.weights.reshaped(to: [1, 6, 1]).detached(),
            tolerance: 1e-6)
    }

    @Test func `items without keys read nothing`() throws {
        let query = random([2, 2, 3], 14).tracked()
        let found = try SegmentationAttention(transition: random([2, 2], 15))
            .align(query: query, keys: random([2, 3, 3], 16), values: random([2, 3, 2], 17), lengths: [0, 3])
        #expect(try found.weights.at(0).values.allSatisfy { $0 == 0 })
        #expect(try found.context.at(0).values.allSatisfy { $0 == 0 })
        #expect(try found.logPartition.at(0).values == [0, 0])
        let gradient = try #require(try found.context.sum().gradients()[query])
        #expect(try gradient.at(0).values.allSatisfy { $0 == 0 })

        let none = try SegmentationAttention(transition: .zeros([2, 2]))
            .align(query: .zeros([2, 2, 3]), keys: .zeros([2, 0, 3]), values: .zeros([2, 0, 4]))
        #expect(none.weights.shape == [2, 2, 0])
        #expect(none.context.values == [Float](repeating: 0, count: 16))
        let unasked = try SegmentationAttention(transition: .zeros([2, 2]))
            .align(query: .zeros([2, 0, 3]), keys: .zeros([2, 3, 3]), values: .zeros([2, 3, 4]))
        #expect(unasked.context.shape == [2, 0, 4])
    }

    @Test func `large scores and padding`() throws {
        let keys = random([1, 5, 3], 18)
        let attention = SegmentationAttention(transition: random([2, 2], 19))
        let query = random([1, 2, 3], 20, deviation: 1e4)
        let values = random([1, 5, 2], 21)
        let found = try attention.align(query: query, keys: keys, values: values)
        #expect(found.weights.values.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(found.logPartition.values.allSatisfy { $0.isFinite })
        let padded = try attention.align(
            query: query, keys: try concatenated([keys, .full(1e6, [1, 2, 3])], axis: 1),
            values: try concatenated([values, .full(1e6, [1, 2, 2])], axis: 1), lengths: [5])
        #expect(padded.context.values == found.context.values)
        #expect(try padded.weights.sliced(axis: 2, 5..<7).values == [0, 0, 0, 0])
    }

    @Test func `what does not fit is refused with all shapes`() throws {
        let attention = SegmentationAttention(transition: .zeros([2, 2]))
        let error = #expect(throws: ShapeError.self) {
            try attention.align(query: .zeros([1, 2, 3]), keys: .zeros([2, 4, 3]), values: .zeros([2, 4, 1]))
        }
        #expect(
            error?.description
                == "segmentation: expected queries [B, Q, Dq], keys [B, K, Dk] and values [B, K, Dv], "
                + "found [1, 2, 3], [2, 4, 3] and [2, 4, 1]")
        #expect(throws: ShapeError.self) {
            try attention.align(query: .zeros([1, 2, 3]), keys: .zeros([1, 4, 2]), values: .zeros([1, 4, 1]))
        }
        #expect(throws: ShapeError.self) {
            try SegmentationAttention(transition: .zeros([3, 3]))
                .align(query: .zeros([1, 2, 3]), keys: .zeros([1, 4, 3]), values: .zeros([1, 4, 1]))
        }
    }
}
