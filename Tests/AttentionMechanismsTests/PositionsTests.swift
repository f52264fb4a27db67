import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

/// Items that stand at different positions are each treated as if alone.
@Suite struct RaggedLawTests {
    private static let starts: [Positions] = [
        .from([3, 0]), .from([1, 7]), .at([[0, 4, 2, 6, 5], [9, 9, 1, 0, 3]]),
    ]

    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    private func check(
        _ mechanism: AttentionMechanism, _ name: String, ofItem: (AttentionMechanism, Int) throws -> AttentionMechanism
    ) throws {
        let (query, keys, values) = (random([2, 2, 5, 4], 1), random([2, 2, 12, 4], 2), random([2, 2, 12, 3], 3))
        for positions in Self.starts {
            let memory = try mechanism.remember(keys: keys, values: values, lengths: [12, 9])
            let reading = try mechanism.attend(query, memory, positions: positions)
            let alignment = try mechanism.align(query, memory, positions: positions)
            for item in 0..<2 {
                let alone = try ofItem(mechanism, item)
                let own = try alone.remember(
                    keys: keys.sliced(axis: 0, item..<item + 1), values: values.sliced(axis: 0, item..<item + 1),
                    lengths: [item == 0 ? 12 : 9])
                let expected = try alone.align(
                    query.sliced(axis: 0, item..<item + 1), own, positions: positions.selecting([item]))
                expectClose(try alignment.weights.sliced(axis: 0, item..<item + 1), expected.weights)
                expectClose(try alignment.context.sliced(axis: 0, item..<item + 1), expected.context)
                expectClose(try reading.sliced(axis: 0, item..<item + 1), expected.context)
            }
        }
    }

    @Test func scopes() throws {
        let table = try Mask((0..<24).map { $0 % 3 != 1 }, shape: [2, 3, 4])
        let scopes: [(String, any Scope)] = [
            ("causal", .causal), ("window", .slidingWindow(left: 2, right: 1)),
            ("left window", .slidingWindow(left: 3, right: nil)), ("dilated", .dilated(left: 2, right: 1, dilation: 2)),
            ("strided", .strided(3)), ("strided local", .strided(3, part: .local)), ("fixed", .fixed(4, summary: 1)),
            ("block sparse", .blockSparse(table, queryBlock: 4, keyBlock: 3)),
            ("big bird", .bigBird(block: 2, globalLast: 1, randomBlocks: 1, seed: 3)),
            ("streaming", .streaming(sinks: 2, window: 3)), ("chunked", .chunked(5)), ("log sparse", .logSparse),
            ("row", .axial(.cross, height: 3, width: 4)), ("swin", .swin(height: 4, width: 4, window: 2, shift: 1)),
            ("neighborhood", .neighborhood(height: 3, width: 4, kernel: 3)), ("shifted", .shifted(.causal, by: 1)),
            ("mistral", .intersection(.causal, .slidingWindow(left: 2, right: nil))),
            ("causal within chunks", .intersection(.causal, .chunked(4, causal: false))),
        ]
        for (name, scope) in scopes {
            try check(AttentionMechanism.with(scope), name) { mechanism, _ in mechanism }
        }
    }

    @Test func scopesThatKnowTheItem() throws {
        let globals = try Mask((0..<24).map { $0 % 7 == 1 }, shape: [2, 12])
        try check(AttentionMechanism(scope: .prefix(lengths: [2, 4])), "prefix") { _, item in
            AttentionMechanism(scope: .prefix(lengths: [[2, 4][item]]))
        }
        try check(AttentionMechanism(scope: .longformer(window: 1, globalMask: globals)), "longformer") { _, item in
            let own = try Mask((0..<12).map { globals[item, $0] }, shape: [1, 12])
            return AttentionMechanism(scope: .longformer(window: 1, globalMask: own))
        }
    }

    @Test func modifiers() throws {
        let modifiers: [(String, any Modifier)] = [
            ("rope", try RotaryModifier.rope(rotarySize: 4)), ("alibi", AlibiModifier.alibi()),
            ("causal alibi", AlibiModifier.alibi(symmetric: false)),
            (
                "t5",
                T5BiasModifier(
                    relativeBias: random([8, 2], 7),
                    buckets: try RelativeBuckets(count: 8, maximumDistance: 6, isBidirectional: true))
            ),
            ("kerple", KerpleModifier(.log, rate: .full(0.7, [2]), spread: .full(0.6, [2]))),
            ("kerple power", KerpleModifier(.power, rate: .full(0.7, [2]), spread: .full(0.6, [2]))),
            ("2D", RelativeBias2DModifier(height: 3, width: 5, relativeTable: random([45, 2], 10))),
            ("shaw", ShawModifier(relativeKey: random([5, 4], 11), relativeValue: random([5, 3], 12), clip: 2)),
            ("shifted", ShiftedModifier(AlibiModifier.alibi(), queries: 2, keys: 0)),
        ]
        for (name, modifier) in modifiers {
            for scope in [any Scope](arrayLiteral: GlobalScope.global, CausalScope.causal) {
                var mechanism = AttentionMechanism.with(scope)
                mechanism.modifiers = [modifier]
                try check(mechanism, name) { mechanism, _ in mechanism }
            }
        }
        let gates = Tensor.uniform([2, 2, 16], in: -1...(-0.1), key: RandomKey(seed: 5))
        try check(AttentionMechanism(modifiers: [.forgetGate(logForget: gates)], scope: .causal), "gates") { _, item in
            let own = ForgetGateModifier.forgetGate(logForget: try gates.sliced(axis: 0, item..<item + 1))
            return AttentionMechanism(modifiers: [own], scope: .causal)
        }
    }

    /// Biases by distance have gradients where items stand apart too.
    @Test func gradientsOfBiases() throws {
        let buckets = try RelativeBuckets(count: 8, maximumDistance: 6, isBidirectional: true)
        let inputs = [random([2, 2, 3, 4], 1), random([2, 2, 6, 4], 2), random([2, 2, 6, 3], 3), random([8, 2], 4)]
        try checkGradients(of: inputs) { inputs in
            let mechanism = AttentionMechanism(
                modifiers: [T5BiasModifier(relativeBias: inputs[3], buckets: buckets), try .rope(rotarySize: 4)],
                scope: .causal)
            return try mechanism.attend(
                inputs[0], mechanism.remember(keys: inputs[1], values: inputs[2]), positions: .from([3, 1]))
        }
    }

    @Test func equalRowsAreOneForAll() throws {
        let mechanism = AttentionMechanism(modifiers: [.alibi()], scope: .causal)
        let (query, keys) = (random([2, 2, 3, 4], 1), random([2, 2, 8, 4], 2))
        let memory = try mechanism.remember(keys: keys, values: keys)
        let expected = try mechanism.attend(query, memory, positions: .from(5)).values
        for positions in [Positions.from([5, 5]), .at([[5, 6, 7], [5, 6, 7]])] {
            #expect(try mechanism.attend(query, memory, positions: positions).values == expected)
        }
    }

    @Test func positionsThatDoNotFitAreRefused() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let memory = try mechanism.remember(keys: .ones([2, 1, 3, 2]), values: .ones([2, 1, 3, 2]))
        for (positions, sentence) in [
            (
                Positions.from([1, 2, 3]),
                "attend: expected positions for 2 rows of 1 tokens, found from [1, 2, 3]"
            ),
            (.at([[1, 2], [1, 2]]), "attend: expected positions for 2 rows of 1 tokens, found at [[1, 2], [1, 2]]"),
            (.from(.max), "attend: expected positions of at most 2⁴⁰, found \(Int.max)"),
        ] {
            #expect { try mechanism.attend(.ones([2, 1, 1, 2]), memory, positions: positions) } throws: {
                "\($0)" == sentence
            }
        }
        #expect(throws: ShapeError.self) { try Positions.from([1, 2]).selecting([2]) }
        #expect(throws: ShapeError.self) { try Positions.from(.max).advanced(by: 1) }
        #expect(try Positions.from([1, 2]).advanced(by: 3).selecting([1, 0]) == .from([5, 4]))
    }
}
