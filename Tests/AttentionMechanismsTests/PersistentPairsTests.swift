import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct PersistentPairsTests {
    private let query = random([2, 4, 3, 5], 1)
    private let keys = random([2, 2, 4, 5], 2)
    private let values = random([2, 2, 4, 3], 3)

    private func mechanism() throws -> AttentionMechanism {
        AttentionMechanism(
            scope: .causal,
            persistent: try PersistentPairs(keys: random([2, 2, 5], 4), values: random([2, 2, 3], 5)))
    }

    @Test func areSeenWhateverScopeAndPaddingSay() throws {
        let mechanism = try mechanism()
        let memory = try mechanism.remember(keys: keys, values: values, lengths: [4, 0])
        let weights = try mechanism.align(query, memory).weights
        #expect(weights.shape == [2, 4, 3, 6])
        for i in 0..<3 {
            for j in 0..<4 {
                #expect((weights[0, 0, i, j] > 0) == (j <= i))
                #expect(weights[1, 0, i, j] == 0)
            }
            for j in 4..<6 { #expect(weights[0, 0, i, j] > 0 && weights[1, 0, i, j] > 0) }
        }
        expectClose(try weights.sum(axis: -1), .ones([2, 4, 3]))
    }

    /// Without a scope they are keys like any other, put behind the memory's.
    @Test func areKeysBehindTheOthers() throws {
        var mechanism = try mechanism()
        mechanism.scope = GlobalScope.global
        let pairs = try #require(mechanism.persistent)
        let plain = AttentionMechanism()
        let longer = try plain.remember(
            keys: concatenated([keys, pairs.keys.tensor.unsqueezed(axis: 0).expanded(to: [2, 2, 2, 5])], axis: 2),
            values: concatenated(
                [values, pairs.values.tensor.unsqueezed(axis: 0).expanded(to: [2, 2, 2, 3])], axis: 2))
        let (found, expected) = (
            try mechanism.align(query, mechanism.remember(keys: keys, values: values)), try plain.align(query, longer)
        )
        expectClose(found.weights, expected.weights)
        expectClose(found.context, expected.context)
        let memory = try mechanism.remember(keys: keys, values: values)
        expectClose(try mechanism.attend(query, memory), expected.context)
    }

    @Test func gradients() throws {
        let parameters = try mechanism().parameters()
        #expect(parameters.map(\.name) == ["persistent.keys", "persistent.values"])
        try checkGradients(of: [query, keys, values] + parameters.map(\.parameter.tensor)) { inputs in
            var mechanism = try mechanism()
            mechanism.persistent = try PersistentPairs(keys: inputs[3], values: inputs[4])
            let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [4, 2])
            return try mechanism.align(inputs[0], memory).context
        }
    }

    @Test func refusalsNameBothShapes() throws {
        #expect {
            try PersistentPairs(keys: .zeros([2, 1, 5]), values: .zeros([2, 2, 3]))
        } throws: {
            "\($0)"
                == "PersistentPairs: expected keys [H, N, D] and values [H, N, Dv], found [2, 1, 5] and [2, 2, 3]"
        }
        var mechanism = try mechanism()
        mechanism.persistent = try PersistentPairs(keys: .zeros([3, 1, 5]), values: .zeros([3, 1, 3]))
        let memory = try mechanism.remember(keys: keys, values: values)
        #expect {
            try mechanism.attend(query, memory)
        } throws: {
            "\($0)" == "PersistentPairs: expected keys of heads that divide 4, found [3, 1, 5]"
        }
    }
}
