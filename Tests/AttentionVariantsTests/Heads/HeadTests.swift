import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// The identity of `size` rows.
private func identity(_ size: Int) throws -> Tensor {
    try Tensor((0..<size * size).map { $0 / size == $0 % size ? 1 : 0 }, shape: [size, size])
}

@Suite struct TalkingHeadsTests {
    private let query = random([2, 2, 3, 4], 1)
    private let keys = random([2, 2, 5, 4], 2)
    private let values = random([2, 4, 5, 3], 3)
    private let heads = TalkingHeads(logitsWeight: random([3, 2], 4), weightsWeight: random([4, 3], 5))

    @Test func headsThatDoNotTalkAreMultiHeadAttention() throws {
        let silent = TalkingHeads(logitsWeight: try identity(2), weightsWeight: try identity(2), scope: .causal)
        let (found, mechanism) = (
            try silent.align(query, keys: keys, values: keys, lengths: [5, 2]), AttentionMechanism(scope: .causal)
        )
        let plain = try mechanism.align(query, mechanism.remember(keys: keys, values: keys, lengths: [5, 2]))
        expectClose(found.weights, plain.weights)
        expectClose(found.context, plain.context)
    }

    @Test func gradients() throws {
        try checkGradients(of: [query, keys, values] + heads.parameters().map(\.parameter.tensor)) { inputs in
            try TalkingHeads(logitsWeight: inputs[3], weightsWeight: inputs[4], scope: .causal)
                .align(inputs[0], keys: inputs[1], values: inputs[2], lengths: [5, 0]).context
        }
    }

    @Test func paddingChangesNothing() throws {
        let padded = try heads.align(query, keys: keys, values: values, lengths: [5, 3]).context
        let alone = try heads.align(
            query.sliced(axis: 0, 1..<2), keys: keys.sliced(axis: 0, 1..<2).sliced(axis: 2, 0..<3),
            values: values.sliced(axis: 0, 1..<2).sliced(axis: 2, 0..<3)
        ).context
        expectClose(try padded.sliced(axis: 0, 1..<2), alone)
    }

    @Test func nothingToLookAtIsNothing() throws {
        let found = try heads.align(query, keys: keys, values: values, lengths: [0, 0])
        #expect(found.context.values.allSatisfy { $0 == 0 })
        #expect(found.weights.values.allSatisfy { $0 == 0 })
    }

    @Test func largeScoresStayFinite() throws {
        let found = try heads.align(query * 1e4, keys: keys * 1e4, values: values)
        #expect(found.context.values.allSatisfy { $0.isFinite })
    }

    @Test func refusalsNameBothShapes() {
        #expect {
            try heads.align(query, keys: keys, values: .zeros([2, 2, 5, 3]))
        } throws: {
            "\($0)" == "talkingHeads: expected values [2, 4, 5, Dv], found [2, 2, 5, 3]"
        }
        #expect {
            try heads.align(.zeros([2, 3, 3, 4]), keys: keys, values: values)
        } throws: {
            "\($0)"
                == "talkingHeads: expected queries [2, 2, Q, D] for keys [2, 2, 5, 4], found [2, 3, 3, 4]"
        }
        #expect {
            try TalkingHeads(logitsWeight: .zeros([3, 4]), weightsWeight: .zeros([4, 3]))
                .align(query, keys: keys, values: values)
        } throws: {
            "\($0)" == "talkingHeads: expected a weight [G, 2], found [3, 4]"
        }
    }
}

@Suite struct DifferentialAttentionTests {
    private let query = random([2, 4, 3, 4], 1)
    private let keys = random([2, 4, 5, 4], 2)
    private let values = random([2, 2, 5, 6], 3)
    private let attention = DifferentialAttention(
        mechanism: AttentionMechanism(scope: .causal), firstQuery: random([4], 4), firstKey: random([4], 5),
        secondQuery: random([4], 6), secondKey: random([4], 7), initialShare: 0.3)

    @Test func attendIsAlign() throws {
        let memory = try attention.remember(keys: keys, values: values, lengths: [5, 2])
        expectClose(try attention.attend(query, memory), try attention.align(query, memory).context)
    }

    @Test func rowsSumToOneMinusTheShare() throws {
        let share = try attention.share()[0]
        let weights = try attention.align(query, attention.remember(keys: keys, values: values)).weights
        expectClose(try weights.sum(axis: -1), .full(1 - share, [2, 2, 3]))
    }

    @Test func whatBothAttentionsSeeCancels() throws {
        let share = try attention.share()[0]
        let paired = try stacked([keys, keys], axis: 2).reshaped(to: [2, 8, 5, 4])
        let alignment = try attention.align(
            paired, attention.remember(keys: paired, values: random([2, 4, 5, 6], 8)))
        let plain = AttentionMechanism(scope: .causal)
        let expected = try plain.align(keys, plain.remember(keys: keys, values: keys)).weights
        expectClose(alignment.weights, expected * (1 - share))
    }

    @Test func gradients() throws {
        try checkGradients(of: [query, keys, values] + attention.parameters().map(\.parameter.tensor)) { inputs in
            let names = attention.parameters().map(\.name)
            let byName = Dictionary(uniqueKeysWithValues: zip(names, inputs.dropFirst(3)))
            let attention = attention.mapTensors { byName[$0] ?? $1 }
            return try attention.align(inputs[0], attention.remember(keys: inputs[1], values: inputs[2])).context
        }
    }

    @Test func nothingToLookAtIsNothing() throws {
        let memory = try attention.remember(keys: keys, values: values, lengths: [0, 0])
        #expect(try attention.attend(query, memory).values.allSatisfy { $0 == 0 })
    }

    @Test func refusalsNameBothShapes() {
        #expect {
            try attention.remember(keys: keys, values: keys)
        } throws: {
            "\($0)"
                == "differential: expected keys [B, 2H, K, D] and values [B, H, K, Dv], found [2, 4, 5, 4] and [2, 4, 5, 4]"
        }
    }
}

@Suite struct OutputGateTests {
    private let context = random([2, 3, 4, 2], 1)
    private let input = random([2, 4, 5], 2)

    @Test func aGateOfZeroLetsHalfThrough() throws {
        expectClose(try OutputGate(weight: .zeros([6, 5]))(context, input: input), context * 0.5)
    }

    @Test func gradients() throws {
        try checkGradients(of: [context, input, random([6, 5], 3)]) {
            try OutputGate(weight: $0[2])($0[0], input: $0[1])
        }
    }

    @Test func refusalsNameBothShapes() {
        #expect {
            try OutputGate(weight: .zeros([6, 4]))(context, input: input)
        } throws: {
            "\($0)" == "outputGate: expected a weight [6, 5], found [6, 4]"
        }
        #expect {
            try OutputGate(weight: .zeros([6, 5]))(context, input: .zeros([2, 3, 5]))
        } throws: {
            "\($0)" == "outputGate: expected inputs [B, Q, E] of the context [2, 3, 4, 2], found [2, 3, 5]"
        }
    }
}
