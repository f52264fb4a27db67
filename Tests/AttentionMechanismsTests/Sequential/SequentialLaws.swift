import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

/// What every mechanism that goes step by step promises, for queries of size 4, keys of size 3 (or `keySize`) and values of size 2.
struct SequentialLaws<Mechanism: SequentialMechanism> {
    let name: String
    let mechanism: Mechanism
    var keySize = 3
    /// What rows with a visible key sum to: exactly 1, at most 1, or anything.
    var rowSum = RowSum.one
    /// Whether keys in another order have the same weights in that order.
    var permutesKeys = false
    /// Whether weights are smooth functions of everything.
    var isDifferentiable = true
    /// Whether keys are compared with the query, so that there are scores to be large and gradients to keys.
    var readsKeys = true

    enum RowSum { case one, atMostOne, any }

    func check() throws {
        try checkSteps()
        try checkRaggedSteps()
        try checkBatch()
        try checkPadding()
        try checkEmptyAndShort()
        if readsKeys { try checkLargeScores() }
        try checkHeads()
        try checkWrongShapes()
        if permutesKeys { try checkPermutation() }
        if isDifferentiable { try checkDerivatives() }
    }

    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    private func align(
        _ query: Tensor, _ keys: Tensor, _ values: Tensor, _ lengths: [Int]? = nil
    ) throws -> Alignment {
        try mechanism.alignSequence(
            query, try mechanism.remember(keys: keys, values: values, lengths: lengths))
    }

    private var inputs: (query: Tensor, keys: Tensor, values: Tensor) {
        (random([3, 1, 4, 4], 1), random([3, 1, 5, keySize], 2), random([3, 1, 5, 2], 3))
    }

    /// Steps one by one give the full pass, also when the batch is reordered on the way.
    private func checkSteps() throws {
        let (query, keys, values) = inputs
        let full = try align(query, keys, values, [5, 2, 4])
        var reader = try mechanism.reader(of: try mechanism.remember(keys: keys, values: values, lengths: [5, 2, 4]))
        var order = [0, 1, 2]
        for step in 0..<4 {
            let asked = try query.sliced(axis: 2, step..<step + 1).selecting(order)
            let reading = try reader.read(asked, moving: nil, training: nil)
            let expected = try full.weights.sliced(axis: 2, step..<step + 1).selecting(order)
            expectClose(reading.weights, expected, tolerance: 1e-5)
            expectClose(
                reading.context, try full.context.sliced(axis: 2, step..<step + 1).selecting(order), tolerance: 1e-5)
            if step == 1 {
                order = [2, 0, 0]
                reader = try reader.selecting(order)
            }
        }
        for row in 0..<3 {
            for step in 0..<4 {
                let weights = (0..<5).map { full.weights[row, 0, step, $0] }
                #expect(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "\(name)")
                switch rowSum {
                case .one: #expect(abs(weights.reduce(0, +) - 1) < 1e-5, "\(name): \(weights)")
                case .atMostOne: #expect(weights.reduce(0, +) < 1 + 1e-5, "\(name): \(weights)")
                case .any: break
                }
            }
        }
    }

    /// Items that do not take a step stay where they were.
    private func checkRaggedSteps() throws {
        let (query, keys, values) = inputs
        let full = try align(query, keys, values, [5, 2, 4])
        var reader = try mechanism.reader(of: try mechanism.remember(keys: keys, values: values, lengths: [5, 2, 4]))
        var places = [0, 0, 0]
        for moving in [[true, false, true], [false, true, true], [true, true, false], [false, true, true]] {
            let asked = try concatenated(
                places.enumerated().map { row, place in
                    try query.sliced(axis: 0, row..<row + 1).sliced(axis: 2, place..<place + 1)
                }, axis: 0)
            let reading = try reader.read(asked, moving: moving, training: nil)
            for row in 0..<3 where moving[row] {
                let expected = try full.weights.at(row).sliced(axis: 1, places[row]..<places[row] + 1)
                expectClose(try reading.weights.at(row), expected, tolerance: 1e-5)
                places[row] += 1
            }
        }
    }

    private func checkBatch() throws {
        let (query, keys, values) = inputs
        let together = try align(query, keys, values, [5, 2, 4])
        for (item, length) in [5, 2, 4].enumerated() {
            let alone = try align(
                query.selecting([item]), keys.selecting([item]), values.selecting([item]), [length])
            expectClose(alone.weights, try together.weights.selecting([item]), tolerance: 1e-5)
        }
    }

    /// Whatever stands behind an item's length, even no numbers, its weights are those of the item alone, and 0 there; no gradient flows there.
    private func checkPadding() throws {
        let (query, keys, values) = inputs
        let short = try align(
            query, keys.sliced(axis: 2, 0..<3), values.sliced(axis: 2, 0..<3))
        let garbage = (Tensor.full(.nan, [3, 1, 2, keySize]), Tensor.full(.infinity, [3, 1, 2, 2]))
        let padded = try concatenated([keys.sliced(axis: 2, 0..<3), garbage.0], axis: 2).tracked()
        let paddedValues = try concatenated([values.sliced(axis: 2, 0..<3), garbage.1], axis: 2)
        let found = try align(query, padded, paddedValues, [3, 3, 3])
        expectClose(try found.weights.sliced(axis: 3, 0..<3), short.weights, tolerance: 1e-5)
        expectClose(found.context, short.context, tolerance: 1e-5)
        #expect(try found.weights.sliced(axis: 3, 3..<5).values.allSatisfy { $0 == 0 }, "\(name)")
        guard isDifferentiable, let gradient = found.context.gradients(upstream: .ones(found.context.shape))[padded]
        else { return }
        #expect(try gradient.sliced(axis: 2, 3..<5).values.allSatisfy { $0 == 0 }, "\(name)")
    }

    private func checkEmptyAndShort() throws {
        let (query, keys, values) = inputs
        let (leaf, leafKeys) = (query.tracked(), keys.tracked())
        let found = try align(leaf, leafKeys, values, [0, 1, 5])
        #expect(try found.weights.selecting([0]).values.allSatisfy { $0 == 0 }, "\(name): nothing to look at")
        #expect(try found.context.selecting([0]).values.allSatisfy { $0 == 0 }, "\(name): nothing to look at")
        let gradients = found.context.gradients(upstream: .ones(found.context.shape))
        for leaf in [leaf, leafKeys] {
            let gradient = gradients[leaf]
            #expect(gradient?.values.allSatisfy { $0.isFinite } ?? true, "\(name)")
            #expect(try gradient?.selecting([0]).values.allSatisfy { $0 == 0 } ?? true, "\(name): no gradient")
        }
        let none = try align(query, .zeros([3, 1, 0, keySize]), .zeros([3, 1, 0, 2]))
        #expect(none.weights.shape == [3, 1, 4, 0] && none.context.shape == [3, 1, 4, 2], "\(name)")
        #expect(none.context.values.allSatisfy { $0 == 0 }, "\(name)")
        let unasked = try align(.zeros([3, 1, 0, 4]), keys, values)
        #expect(unasked.weights.shape == [3, 1, 0, 5] && unasked.context.shape == [3, 1, 0, 2], "\(name)")
    }

    private func checkLargeScores() throws {
        let (query, keys, values) = inputs
        let (leaf, leafKeys) = ((query * 1e4).tracked(), (keys * 1e4).tracked())
        let found = try align(leaf, leafKeys, values, [5, 2, 4])
        #expect(found.weights.values.allSatisfy { $0.isFinite }, "\(name)")
        let gradients = found.context.gradients(upstream: .ones(found.context.shape))
        for leaf in [leaf, leafKeys] {
            #expect(gradients[leaf]?.values.allSatisfy { $0.isFinite } ?? true, "\(name)")
        }
    }

    /// Heads know nothing of each other.
    private func checkHeads() throws {
        let (query, keys, values) = (random([2, 2, 4, 4], 5), random([2, 2, 5, keySize], 6), random([2, 2, 5, 2], 7))
        let together = try align(query, keys, values, [5, 3])
        for head in 0..<2 {
            let alone = try align(
                query.sliced(axis: 1, head..<head + 1), keys.sliced(axis: 1, head..<head + 1),
                values.sliced(axis: 1, head..<head + 1), [5, 3])
            expectClose(alone.weights, try together.weights.sliced(axis: 1, head..<head + 1), tolerance: 1e-5)
        }
    }

    private func checkWrongShapes() throws {
        let (query, keys, values) = inputs
        for wrong in [random([3, 1, 4, 7], 8), random([2, 1, 4, 4], 8), random([3, 4, 4], 8), random([], 8)] {
            #expect(throws: ShapeError.self, "\(name): query \(wrong.shape)") { try align(wrong, keys, values) }
        }
        #expect(throws: ShapeError.self, "\(name)") { try align(query, keys, random([3, 1, 4, 2], 9)) }
        #expect(throws: ShapeError.self, "\(name)") { try align(query, random([3, 5, keySize], 9), values) }
        #expect(throws: ShapeError.self, "\(name)") { try align(query, keys, values, [5, 2]) }
        #expect(throws: ShapeError.self, "\(name)") { try align(query, keys, values, [5, 2, 6]) }
    }

    private func checkPermutation() throws {
        let (query, keys, values) = inputs
        let order = [3, 0, 4, 1, 2]
        func permuted(_ x: Tensor) throws -> Tensor { try x.transposed(0, 2).selecting(order).transposed(0, 2) }
        let plain = try align(query, keys, values)
        let found = try align(query, permuted(keys), permuted(values))
        expectClose(found.context, plain.context, tolerance: 1e-5)
        let columns = try plain.weights.transposed(0, 3).selecting(order).transposed(0, 3)
        expectClose(found.weights, columns, tolerance: 1e-5)
    }

    private func checkDerivatives() throws {
        let (query, keys, values) = inputs
        let parameters = mechanism.parameters()
        func weights(_ inputs: [Tensor]) throws -> Alignment {
            let byName = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), inputs.dropFirst(3)))
            let changed = mechanism.mapTensors { byName[$0] ?? $1 }
            return try changed.alignSequence(
                inputs[0], try changed.remember(keys: inputs[1], values: inputs[2], lengths: [5, 2, 4]))
        }
        let tensors = parameters.map(\.parameter.tensor)
        if readsKeys {
            let all = [query, keys, values] + tensors
            try checkGradients(of: all, samples: 12) { try weights($0).context }
        } else {
            try checkGradients(of: [query, values] + tensors, samples: 12) { inputs in
                try weights([inputs[0], keys] + inputs.dropFirst()).context
            }
        }
    }
}
