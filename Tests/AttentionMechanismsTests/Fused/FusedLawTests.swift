import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// One drawn combination of parts and sizes.
private struct Draw {
    var generator: RandomGenerator
    let batch, keyHeads, heads, queries, keys, size, valueSize, offset: Int
    let lengths: [Int]?
    let key: RandomKey
    private(set) var scopeName = ""
    private(set) var modifierNames: [String] = []

    init(seed: UInt64, largest: Int) {
        key = RandomKey(seed: seed)
        var generator = RandomKey(seed: seed).generator()
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let (items, keyHeadCount, keyCount) = (pick(1...3), pick(1...2), pick(1...largest))
        (batch, keyHeads, keys) = (items, keyHeadCount, keyCount)
        heads = keyHeadCount * pick(1...3)
        queries = pick(0...3) == 0 ? pick(1...8) : pick(1...largest)
        (size, valueSize) = (pick(1...20), pick(1...20))
        offset = pick(0...2) == 0 ? pick(0...keyCount) : 0
        lengths = pick(0...2) == 0 ? (0..<items).map { _ in pick(0...keyCount) } : nil
        self.generator = generator
    }

    mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    func tensor(_ shape: Shape, _ index: Int) -> Tensor { .uniform(shape, in: -1.5...1.5, key: key[index]) }

    mutating func mask(_ shape: Shape) throws -> Mask {
        try Mask((0..<shape.elementCount).map { _ in pick(0...2) > 0 }, shape: shape)
    }

    mutating func scope() throws -> any Scope {
        let (left, right) = (pick(0...keys), pick(0...keys))
        let scopes: [(String, any Scope)] = [
            ("global", .global), ("causal", .causal), ("bottom right", .causal(alignment: .bottomRight)),
            ("window", .slidingWindow(left: left, right: right)), ("left window", .slidingWindow(left: left, right: 0)),
            ("open window", .slidingWindow(left: nil, right: right)),
            ("mask", .mask(try mask([queries, keys]))), ("mask of keys", .mask(try mask([batch, 1, 1, keys]))),
            ("mask of queries", .mask(try mask([heads, queries, 1]))),
            ("whole mask", .mask(try mask([batch, heads, queries, keys]))),
            ("causal and mask", .intersection(.causal, .mask(try mask([1, queries, keys])))),
            (
                "blocks",
                .blockSparse(
                    try mask([heads, (offset + queries + 3) / 4, (keys + 15) / 16]), queryBlock: 4, keyBlock: 16)
            ),
        ]
        let chosen = scopes[pick(0...scopes.count - 1)]
        scopeName = chosen.0
        return chosen.1
    }

    /// The tensors that biases are made of are tracked.
    mutating func modifiers() throws -> (list: [any Modifier], parameters: [Tensor]) {
        var (list, parameters): ([any Modifier], [Tensor]) = ([], [])
        func add(_ name: String, _ modifier: some Modifier, _ tracked: Tensor...) {
            list.append(modifier)
            parameters += tracked
            modifierNames.append(name)
        }
        if pick(0...2) == 0 { add("softcap", .softcap(1.5)) }
        if pick(0...3) == 0 { add("alibi", .alibi(symmetric: pick(0...1) == 0)) }
        if pick(0...2) == 0 {
            let table = tensor([8, heads], 10).tracked()
            let buckets = try RelativeBuckets(count: 8, maximumDistance: 20, isBidirectional: true)
            add("t5", T5BiasModifier(relativeBias: table, buckets: buckets), table)
        }
        if pick(0...4) == 0 {
            let rate = Tensor.uniform([heads], in: 0.1...1, key: key[11]).tracked()
            let spread = Tensor.uniform([heads], in: 0.1...1, key: key[12]).tracked()
            add("kerple", KerpleModifier(pick(0...1) == 0 ? .log : .power, rate: rate, spread: spread), rate, spread)
        }
        if pick(0...1) == 0 {
            let shapes: [Shape] = [
                [queries, keys], [heads, queries, keys], [batch, 1, queries, keys], [batch, heads, 1, keys],
                [heads, queries, 1], [batch, heads, queries, keys], [keys], [],
            ]
            var values = tensor(shapes[pick(0...shapes.count - 1)], 13)
            if pick(0...2) == 0 {
                values = try Tensor(values.values.map { $0 > 1.2 ? -.infinity : $0 }, shape: values.shape)
            }
            let bias = values.tracked()
            add("bias \(bias.shape)", .bias(bias), bias)
        }
        return (list, parameters)
    }
}

@Suite struct FusedLawTests {
    /// Whatever the parts, the fused pass means what the generic one means: context, weights and all gradients.
    @Test(arguments: 0..<160)
    func fusedIsGeneric(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) + 1000, largest: seed % 8 == 0 ? 300 : 60)
        var mechanism = AttentionMechanism(score: .scaledDot, dropout: draw.pick(0...3) == 0 ? 0.3 : 0)
        mechanism.scope = try draw.scope()
        let (modifiers, parameters) = try draw.modifiers()
        mechanism.modifiers = modifiers
        let inputs = [
            draw.tensor([draw.batch, draw.heads, draw.queries, draw.size], 1),
            draw.tensor([draw.batch, draw.keyHeads, draw.keys, draw.size], 2),
            draw.tensor([draw.batch, draw.keyHeads, draw.keys, draw.valueSize], 3),
        ].map { $0.tracked() }
        let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: draw.lengths)
        let training = mechanism.dropout > 0 ? draw.key[4] : nil

        let reading = try mechanism.read(inputs[0], memory, positions: .from(draw.offset), training: training)
        let alignment = try mechanism.align(inputs[0], memory, positions: .from(draw.offset), training: training)
        let what = """
            seed \(seed): \(draw.scopeName) \(draw.modifierNames) [\(draw.batch), \(draw.heads)/\(draw.keyHeads), \
            \(draw.queries) × \(draw.keys), \(draw.size), \(draw.valueSize)] offset \(draw.offset)
            """
        #expect(reading.isFused, "\(what)")
        #expect(distance(reading.context, alignment.context) < 1e-5, "\(what)")
        #expect(distance(try reading.weights(), alignment.weights) < 1e-5, "\(what)")

        let upstream = draw.tensor(alignment.context.shape, 5)
        let (found, expected) = (
            reading.context.gradients(upstream: upstream), alignment.context.gradients(upstream: upstream)
        )
        for (index, input) in (inputs + parameters).enumerated() {
            let (x, y) = (try #require(found[input]), try #require(expected[input]))
            #expect(distance(x, y) < 2e-5, "\(what): gradient \(index)")
        }
    }

    /// The greatest difference, as a part of the greatest element of `expected`, if that is above 1.
    private func distance(_ found: Tensor, _ expected: Tensor) -> Float {
        guard found.shape == expected.shape else { return .infinity }
        let largest = expected.values.reduce(1) { max($0, abs($1)) }
        return zip(found.values, expected.values).reduce(0) { $1.0.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
            / largest
    }

    /// The order of the queries' parts and threads makes no difference, not in one bit.
    @Test func threadsMakeNoDifference() throws {
        let mechanism = AttentionMechanism(scope: .causal, dropout: 0.2)
        let shape: Shape = [1, 1, 1000, 16]
        let inputs = (1...3).map { Tensor.uniform(shape, in: -1...1, key: RandomKey(seed: UInt64($0))).tracked() }
        func run(_ threads: Int) throws -> [[Float]] {
            let before = Parallel.threadCount
            Parallel.setThreadCount(threads)
            defer { Parallel.setThreadCount(before) }
            let memory = try mechanism.remember(keys: inputs[1], values: inputs[2])
            let context = try mechanism.attend(inputs[0], memory, training: RandomKey(seed: 9))
            let gradients = context.gradients(upstream: .ones(context.shape))
            return [context.values] + inputs.compactMap { gradients[$0]?.values }
        }
        let expected = try run(1)
        #expect(try run(3) == expected)
    }

    /// Few queries over many keys are computed by parts of the keys.
    @Test(arguments: [1, 3]) func longMemory(queries: Int) throws {
        for scope in [GlobalScope.global, CausalScope.causal] as [any Scope] {
            var mechanism = AttentionMechanism(modifiers: [.alibi()])
            mechanism.scope = scope
            let query = Tensor.uniform([1, 2, queries, 8], in: -2...2, key: RandomKey(seed: 1))
            let memory = try mechanism.remember(
                keys: .uniform([1, 2, 5000, 8], in: -2...2, key: RandomKey(seed: 2)),
                values: .uniform([1, 2, 5000, 5], in: -2...2, key: RandomKey(seed: 3)), lengths: [4500])
            for offset in [0, 700, 4990] {
                let reading = try mechanism.read(query, memory, positions: .from(offset))
                let alignment = try mechanism.align(query, memory, positions: .from(offset))
                expectClose(reading.context, alignment.context, tolerance: 1e-5)
                expectClose(try reading.weights(), alignment.weights, tolerance: 1e-5)
            }
        }
    }

    /// One query for each of several heads that share keys: read once for all.
    @Test func oneQueryOfManyHeads() throws {
        for scope in [GlobalScope.global, CausalScope.causal, SlidingWindowScope.slidingWindow(left: 30, right: 5)]
            as [any Scope]
        {
            var mechanism = AttentionMechanism()
            mechanism.scope = scope
            let query = Tensor.uniform([2, 1, 12, 8], in: -2...2, key: RandomKey(seed: 1)).transposed(1, 2).tracked()
            let memory = try mechanism.remember(
                keys: .uniform([2, 3, 90, 8], in: -2...2, key: RandomKey(seed: 2)),
                values: .uniform([2, 3, 90, 5], in: -2...2, key: RandomKey(seed: 3)), lengths: [80, 20])
            for offset in [0, 50, 89, 140] {
                let reading = try mechanism.read(query, memory, positions: .from(offset))
                let alignment = try mechanism.align(query, memory, positions: .from(offset))
                expectClose(reading.context, alignment.context)
                expectClose(try reading.weights(), alignment.weights)
                let upstream = Tensor.uniform(reading.context.shape, in: -1...1, key: RandomKey(seed: 4))
                expectClose(
                    try #require(reading.context.gradients(upstream: upstream)[query]),
                    try #require(alignment.context.gradients(upstream: upstream)[query]))
            }
        }
    }

    /// What is behind the padding or ahead of a causal query may hold anything.
    @Test func invisibleValuesHaveNoInfluence() throws {
        let mechanism = AttentionMechanism(scope: .causal)
        let query = Tensor.uniform([1, 1, 40, 8], in: -1...1, key: RandomKey(seed: 1)).tracked()
        var keys = Tensor.uniform([1, 1, 40, 8], in: -1...1, key: RandomKey(seed: 2)).values
        var values = Tensor.uniform([1, 1, 40, 8], in: -1...1, key: RandomKey(seed: 3)).values
        func context() throws -> Tensor {
            let memory = try mechanism.remember(
                keys: try Tensor(keys, shape: [1, 1, 40, 8]), values: try Tensor(values, shape: [1, 1, 40, 8]),
                lengths: [35])
            return try mechanism.attend(query, memory)
        }
        let clean = try context()
        (keys[36 * 8], values[37 * 8], values[20 * 8 + 3]) = (.nan, .infinity, .nan)
        let found = try context()
        expectClose(try found.sliced(axis: 2, 0..<20), try clean.sliced(axis: 2, 0..<20))
        #expect((20..<40).allSatisfy { found[0, 0, $0, 3].isNaN && found[0, 0, $0, 2].isFinite })
        let gradient = try #require(found.gradients(upstream: .ones(found.shape))[query])
        #expect(try gradient.sliced(axis: 2, 0..<20).values.allSatisfy(\.isFinite))
    }
}
