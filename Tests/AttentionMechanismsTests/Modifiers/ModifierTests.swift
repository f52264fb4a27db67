import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64, in range: ClosedRange<Float> = -1...1) -> Tensor {
    .uniform(shape, in: range, key: RandomKey(seed: seed))
}

/// Modifiers for 2 heads of size 6 and up to 6 positions, with the parameters that are to be differentiated.
private func modifiers() throws -> [(name: String, modifier: any Modifier)] {
    let norm: (VectorNorm) -> NormModifier = {
        NormModifier(norm: $0, queryGain: random([6], 4), keyGain: random([6], 5), epsilon: 1e-6)
    }
    let bias = try Tensor((0..<30).map { $0 % 4 == 1 ? -.infinity : Float($0) / 10 }, shape: [5, 6])
    let small = try RelativeBuckets(count: 8, maximumDistance: 6, isBidirectional: true)
    return [
        ("rope half", try RotaryModifier.rope(rotarySize: 6)),
        ("rope interleaved", try RotaryModifier.rope(rotarySize: 4, base: 50, layout: .interleaved)),
        ("rope yarn", try RotaryModifier.rope(rotarySize: 6, scaling: .yarn(factor: 4, originalLength: 8))),
        ("qk_norm l2", norm(.l2)), ("qk_norm rms", norm(.rms)), ("qk_norm layer", norm(.layer)),
        ("l2 without gain", NormModifier.qkNorm()),
        ("softcap", SoftcapModifier.softcap(0.7)),
        ("bias", BiasModifier.bias(bias)), ("bias of rank 1", BiasModifier.bias(random([6], 6))),
        ("t5", T5BiasModifier(relativeBias: random([8, 2], 7), buckets: small)),
        ("alibi", AlibiModifier.alibi()), ("causal alibi", AlibiModifier.alibi(symmetric: false)),
        ("kerple log", KerpleModifier(.log, rate: random([2], 8, in: 0.5...1), spread: random([2], 9, in: 0.5...1))),
        (
            "kerple power",
            KerpleModifier(.power, rate: random([2], 8, in: 0.5...1), spread: random([2], 9, in: 0.5...1))
        ),
        ("relative 2d", RelativeBias2DModifier(height: 2, width: 3, relativeTable: random([15, 2], 10))),
    ]
}

@Suite struct ModifierTests {
    @Test func gradientsOfQueriesKeysAndValues() throws {
        for (_, modifier) in try modifiers() {
            let mechanism = AttentionMechanism(modifiers: [modifier])
            let inputs = [random([1, 2, 5, 6], 1), random([1, 2, 6, 6], 2), random([1, 2, 6, 3], 3)]
            try checkGradients(of: inputs) { inputs in
                let memory = try mechanism.remember(keys: inputs[1], values: inputs[2])
                return try mechanism.align(inputs[0], memory, positions: .from(1)).context
            }
        }
    }

    @Test func gradientsOfParameters() throws {
        let (query, keys, values) = (random([1, 2, 5, 6], 1), random([1, 2, 6, 6], 2), random([1, 2, 6, 3], 3))
        for (name, modifier) in try modifiers() where name != "bias" && !modifier.parameters().isEmpty {
            try checkGradients(of: modifier.parameters().map(\.parameter.tensor)) { parameters in
                let mechanism = AttentionMechanism(modifiers: [modifier.replacing(parameters)])
                let memory = try mechanism.remember(keys: keys, values: values)
                return try mechanism.align(query, memory, positions: .from(1)).context
            }
        }
    }

    @Test func gradientsOfForgetGates() throws {
        let inputs = [
            random([2, 2, 3, 4], 1), random([2, 2, 6, 4], 2), random([2, 2, 6, 3], 3),
            random([2, 2, 6], 4, in: -2...(-0.1)),
        ]
        try checkGradients(of: inputs) { inputs in
            let mechanism = AttentionMechanism(modifiers: [.forgetGate(logForget: inputs[3])], scope: .causal)
            let memory = try mechanism.remember(keys: inputs[1], values: inputs[2])
            return try mechanism.align(inputs[0], memory, positions: .from(3)).context
        }
    }

    @Test func fusedIsGenericWhereScoresPass() throws {
        for (name, modifier) in try modifiers() {
            let mechanism = AttentionMechanism(modifiers: [modifier], scope: .causal)
            let memory = try mechanism.remember(keys: random([1, 2, 6, 6], 2), values: random([1, 2, 6, 3], 3))
            let query = random([1, 2, 5, 6], 1)
            let context = try mechanism.align(query, memory, positions: .from(1)).context
            #expect(context.values.allSatisfy { $0.isFinite }, "\(name)")
            expectClose(try mechanism.attend(query, memory, positions: .from(1)), context)
        }
    }

    /// n steps with a growing memory are one pass over the whole sequence.
    @Test func cachedStepsAreTheFullPass() throws {
        let gates = random([2, 2, 6], 4, in: -2...(-0.1))
        let bidirectional = try RelativeBuckets(count: 8, maximumDistance: 6, isBidirectional: false)
        let all: [any Modifier] = [
            try RotaryModifier.rope(rotarySize: 4), try RotaryModifier.rope(rotarySize: 2, layout: .interleaved),
            AlibiModifier.alibi(), AlibiModifier.alibi(symmetric: false),
            T5BiasModifier(relativeBias: random([8, 2], 7), buckets: bidirectional),
            KerpleModifier(.log, rate: random([2], 8, in: 0.5...1), spread: random([2], 9, in: 0.5...1)),
            NormModifier.qkNorm(.rms, headSize: 4), ForgetGateModifier.forgetGate(logForget: gates),
            RelativeBias2DModifier(height: 2, width: 3, relativeTable: random([15, 2], 10)),
        ]
        let scopes: [any Scope] = [
            CausalScope.causal, IntersectionScope.intersection(.causal, .slidingWindow(left: 2, right: nil)),
            StreamingScope.streaming(sinks: 1, window: 2), ChunkedScope.chunked(4), LogSparseScope.logSparse,
        ]
        let (query, keys, values) = (random([2, 2, 6, 4], 1), random([2, 2, 6, 4], 2), random([2, 2, 6, 3], 3))
        for modifier in all {
            for scope in scopes {
                var mechanism = AttentionMechanism.with(scope)
                mechanism.modifiers = [modifier]
                let full = try mechanism.attend(query, try mechanism.remember(keys: keys, values: values))
                var cache = KeyValueCache(rowCount: 2, pageLength: 4)
                for step in 0..<6 {
                    try mechanism.remember(
                        keys: keys.sliced(axis: 2, step..<step + 1), values: values.sliced(axis: 2, step..<step + 1),
                        in: &cache)
                    let context = try mechanism.attend(
                        query.sliced(axis: 2, step..<step + 1), Memory(cache), positions: .from(step))
                    expectClose(context, try full.sliced(axis: 2, step..<step + 1))
                }
            }
        }
    }

    @Test func softcapBoundsScores() throws {
        let scores = try Tensor([-1e9, -1, 0, 1, 1e9], shape: [1, 1, 1, 5])
        let capped = try SoftcapModifier.softcap(2).modify(scores: scores, query: scores, positions: .from(0))
        expectClose(capped, try Tensor([-2, -0.924_234_3, 0, 0.924_234_3, 2], shape: [1, 1, 1, 5]))
    }

    @Test func kerpleByHand() throws {
        let (rate, spread) = (try Tensor([2], shape: [1]), try Tensor([3], shape: [1]))
        let zeros = Tensor.zeros([1, 1, 1, 3])
        let log = try KerpleModifier(.log, rate: rate, spread: spread).modify(
            scores: zeros, query: zeros, positions: .from(1))
        expectClose(log, try Tensor([-2.772_588_7, 0, -2.772_588_7], shape: [1, 1, 1, 3]))
        let power = try KerpleModifier(.power, rate: rate, spread: spread)
            .modify(scores: zeros, query: zeros, positions: .from(2))
        expectClose(power, try Tensor([-16, -2, 0], shape: [1, 1, 1, 3]))
    }

    @Test func parametersHaveTheCataloguesNames() throws {
        let names = try modifiers().map { pair in (pair.name, pair.modifier.parameters().map(\.name)) }
        let found = Dictionary(names) { $1 }
        #expect(found["qk_norm rms"] == ["gain_query", "gain_key"])
        #expect(found["t5"] == ["relative_bias"])
        #expect(found["kerple log"] == ["rate", "spread"])
        #expect(found["relative 2d"] == ["relative_table"])
        #expect(found["bias"] == ["bias"])
        #expect(found["rope half"] == [] && found["l2 without gain"] == [])
    }
}

extension Modifier {
    /// The same modifier with these tensors for its parameters, in the order of `visit`.
    fileprivate func replacing(_ parameters: [Tensor]) -> Self {
        let names = self.parameters().map(\.name)
        return mapTensors { name, tensor in names.firstIndex(of: name).map { parameters[$0] } ?? tensor }
    }
}
