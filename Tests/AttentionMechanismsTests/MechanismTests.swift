import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// The mechanisms under test, for queries of size 6 and keys of size 5 (dot scores: 6).
private func mechanisms(_ scope: some Scope) -> [(name: String, keySize: Int, mechanism: AttentionMechanism)] {
    let key = RandomKey(seed: 11)
    return [
        ("dot", 6, AttentionMechanism(score: .dot, scope: scope)),
        ("scaled dot", 6, AttentionMechanism(score: .scaledDot, scope: scope)),
        ("general", 5, AttentionMechanism(score: .general(querySize: 6, keySize: 5, key: key), scope: scope)),
        (
            "additive", 5,
            AttentionMechanism(score: .additive(querySize: 6, keySize: 5, hiddenSize: 7, key: key), scope: scope)
        ),
        (
            "concat", 5,
            AttentionMechanism(score: .concat(querySize: 6, keySize: 5, hiddenSize: 7, key: key), scope: scope)
        ),
    ]
}

@Suite struct MechanismTests {
    @Test func attendIsAlign() throws {
        for (name, keySize, mechanism) in mechanisms(.global) + mechanisms(.causal) {
            let query = random([3, 2, 4, 6], 1)
            let memory = try mechanism.remember(
                keys: random([3, 2, 5, keySize], 2), values: random([3, 2, 5, 3], 3), lengths: [5, 0, 3])
            let alignment = try mechanism.align(query, memory)
            expectClose(try mechanism.attend(query, memory), alignment.context, tolerance: 1e-5)
            let sums = try alignment.weights.sum(axis: -1)
            #expect(sums[0, 0, 0] > 0.999, "\(name)")
            #expect(sums[1, 1, 2] == 0 && alignment.context[1, 1, 2, 0] == 0, "\(name): nothing to look at")
            #expect(alignment.weights[2, 0, 3, 4] == 0, "\(name): padding")
        }
    }

    @Test func gradients() throws {
        for (_, keySize, mechanism) in mechanisms(.global) + mechanisms(.causal) {
            let inputs = [random([2, 2, 3, 6], 1), random([2, 2, 4, keySize], 2), random([2, 2, 4, 5], 3)]
            for fused in [true, false] {
                try checkGradients(of: inputs) { inputs in
                    let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [4, 2])
                    return fused
                        ? try mechanism.attend(inputs[0], memory) : try mechanism.align(inputs[0], memory).context
                }
            }
        }
    }

    @Test func causalRowsSeeWhatCameBefore() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let memory = try mechanism.remember(keys: random([1, 1, 5, 4], 1), values: random([1, 1, 5, 4], 2))
        let weights = try mechanism.align(random([1, 1, 5, 4], 3), memory).weights
        for query in 0..<5 {
            for key in 0..<5 { #expect((weights[0, 0, query, key] > 0) == (key <= query)) }
        }
    }

    @Test func cachedStepsAreTheFullPass() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let (query, keys, values) = (random([2, 2, 6, 4], 1), random([2, 2, 6, 4], 2), random([2, 2, 6, 4], 3))
        let full = try mechanism.attend(query, try mechanism.remember(keys: keys, values: values))
        var cache = KeyValueCache(rowCount: 2)
        for step in 0..<6 {
            try mechanism.remember(
                keys: keys.sliced(axis: 2, step..<step + 1), values: values.sliced(axis: 2, step..<step + 1), in: &cache
            )
            let context = try mechanism.attend(
                query.sliced(axis: 2, step..<step + 1), Memory(cache), positions: .from(step))
            expectClose(context, try full.sliced(axis: 2, step..<step + 1), tolerance: 1e-5)
        }
    }

    @Test func sharedKeyHeads() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let inputs = [random([2, 4, 3, 6], 1), random([2, 2, 3, 6], 2), random([2, 2, 3, 5], 3)]
        let memory = try mechanism.remember(keys: inputs[1], values: inputs[2])
        expectClose(try mechanism.attend(inputs[0], memory), try mechanism.align(inputs[0], memory).context)
        try checkGradients(of: inputs) { try mechanism.attend($0[0], mechanism.remember(keys: $0[1], values: $0[2])) }
    }

    @Test func attentionDropoutIsTheSameEitherWay() throws {
        let mechanism = AttentionMechanism(dropout: 0.4)
        let memory = try mechanism.remember(keys: random([2, 2, 9, 4], 1), values: random([2, 2, 9, 4], 2))
        let (query, key) = (random([2, 2, 7, 4], 3), RandomKey(seed: 5))
        let fused = try mechanism.attend(query, memory, training: key)
        expectClose(fused, try mechanism.align(query, memory, training: key).context, tolerance: 1e-5)
        #expect(fused.values != (try mechanism.attend(query, memory)).values)
    }

    @Test func longSequences() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let inputs = [random([1, 2, 200, 16], 1), random([1, 2, 200, 16], 2), random([1, 2, 200, 16], 3)]
        let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [150])
        expectClose(
            try mechanism.attend(inputs[0], memory), try mechanism.align(inputs[0], memory).context, tolerance: 1e-5)
        try checkGradients(of: inputs) {
            try mechanism.attend($0[0], mechanism.remember(keys: $0[1], values: $0[2], lengths: [150]))
        }
    }

    @Test func refusalsNameBothShapes() throws {
        let mechanism = AttentionMechanism()
        let memory = try mechanism.remember(keys: random([2, 1, 9, 32], 1), values: random([2, 1, 9, 32], 2))
        #expect(
            throws: ShapeError(
                "attend", expected: "keys of size 64 to match the query [2, 1, 1, 64]", found: "[2, 1, 9, 32]")
        ) { try mechanism.attend(random([2, 1, 1, 64], 3), memory) }
        #expect(throws: ShapeError.self) {
            try mechanism.remember(keys: random([2, 1, 9, 32], 1), values: random([2, 1, 8, 32], 2))
        }
        #expect(throws: ShapeError.self) {
            try mechanism.remember(keys: random([2, 1, 9, 3], 1), values: random([2, 1, 9, 3], 2), lengths: [9, 10])
        }
    }
}
