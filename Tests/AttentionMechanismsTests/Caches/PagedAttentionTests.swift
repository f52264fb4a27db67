import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

/// Attention over pages is attention over the same keys side by side.
@Suite struct PagedAttentionTests {
    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    private static let lengths = [37, 12, 80]

    private func cache(_ format: PageFormat = .float32, pageLength: Int = 16, keyHeads: Int = 2) throws -> KeyValueCache
    {
        var cache = KeyValueCache(rowCount: 3, format: format, pageLength: pageLength)
        try cache.append(
            preparedKeys: random([3, keyHeads, 80, 8], 1), values: random([3, keyHeads, 80, 6], 2), counts: Self.lengths
        )
        return cache
    }

    /// The same numbers in tensors.
    private func gathered(_ cache: KeyValueCache) throws -> Memory {
        try Memory(preparedKeys: cache.keys, values: cache.values, lengths: cache.lengths)
    }

    private static let mechanisms: [(String, AttentionMechanism)] = [
        ("plain", AttentionMechanism()), ("causal", AttentionMechanism(scope: .causal)),
        ("window", AttentionMechanism(scope: .slidingWindow(left: 20, right: 0))),
        ("masked", AttentionMechanism(scope: .chunked(24))),
        ("alibi", AttentionMechanism(modifiers: [.alibi(symmetric: false)], scope: .causal)),
        ("capped", AttentionMechanism(modifiers: [.softcap(2), .alibi()], scope: .causal)),
        ("empty", AttentionMechanism(scope: .shifted(.causal, by: -200))),
    ]

    @Test(arguments: PageFormat.allCases, [1, 3, 8])
    func isAttentionOverTensors(_ format: PageFormat, _ queryCount: Int) throws {
        for (keyHeads, heads) in [(2, 2), (2, 6), (1, 12)] {
            let cache = try cache(format, keyHeads: keyHeads)
            let query = random([3, heads, queryCount, 8], 3)
            for (name, mechanism) in Self.mechanisms {
                for positions in [
                    Positions.from(11), .from(Self.lengths.map { $0 - queryCount }),
                    .at((0..<3).map { row in (0..<queryCount).map { ($0 * 7 + row) % 12 } }),
                ] {
                    let expected = try mechanism.align(query, gathered(cache), positions: positions)
                    let reading = try mechanism.read(query, Memory(cache), positions: positions)
                    #expect(reading.isFused, "\(name)")
                    expectClose(reading.context, expected.context, tolerance: 2e-5)
                    expectClose(try reading.weights(), expected.weights, tolerance: 2e-5)
                    let some = try reading.weights(heads: [heads - 1, 0], queries: [queryCount - 1])
                    #expect(some.shape == [3, 2, 1, 80])
                    expectClose(
                        try some.sliced(axis: 1, 1..<2),
                        try expected.weights.sliced(axis: 1, 0..<1).sliced(axis: 2, queryCount - 1..<queryCount),
                        tolerance: 2e-5)
                }
            }
        }
    }

    @Test func oneFullPageIsBitForBit() throws {
        let cache = try cache(pageLength: 128)
        let query = random([3, 2, 1, 8], 3)
        let mechanism = AttentionMechanism(scope: .causal)
        let positions = Positions.from(Self.lengths.map { $0 - 1 })
        for precision in Precision.allCases {
            let paged = try withPrecision(precision) {
                try mechanism.attend(query, Memory(cache), positions: positions).values
            }
            let whole = try withPrecision(precision) {
                try mechanism.attend(query, gathered(cache), positions: positions).values
            }
            #expect(paged == whole, "\(precision)")
        }
    }

    /// Whatever is no fused combination, or many queries, has the same meaning by way of the tensors.
    @Test func otherMechanismsReadCachesToo() throws {
        let cache = try cache()
        for mechanism in [
            AttentionMechanism(scope: .causal, normalizer: .sparsemax),
            AttentionMechanism(score: .additive(querySize: 8, keySize: 8, hiddenSize: 8, key: RandomKey(seed: 4))),
            AttentionMechanism(modifiers: [.shaw(clip: 3, headSize: 8, valueSize: 6, key: RandomKey(seed: 5))]),
        ] {
            let query = random([3, 2, 1, 8], 3)
            let positions = Positions.from(Self.lengths.map { $0 - 1 })
            expectClose(
                try mechanism.attend(query, Memory(cache), positions: positions),
                try mechanism.align(query, gathered(cache), positions: positions).context)
        }
        let many = random([3, 2, 11, 8], 3)
        let mechanism = AttentionMechanism(scope: .causal)
        let positions = Positions.from(Self.lengths.map { $0 - 11 })
        expectClose(
            try mechanism.attend(many, Memory(cache), positions: positions),
            try mechanism.align(many, gathered(cache), positions: positions).context)
    }

    @Test func queriesOverACacheHaveGradients() throws {
        let cache = try cache()
        try checkGradients(of: [random([3, 2, 2, 8], 3)]) {
            try AttentionMechanism(scope: .causal).attend(
                $0[0], Memory(cache), positions: .from(Self.lengths.map { $0 - 2 }))
        }
    }

    @Test func anEmptyCacheIsReadAsNothing() throws {
        let mechanism = AttentionMechanism()
        var cache = KeyValueCache(rowCount: 2)
        try mechanism.remember(keys: .ones([2, 1, 3, 4]), values: .ones([2, 1, 3, 4]), counts: [0, 3], in: &cache)
        let context = try mechanism.attend(.ones([2, 1, 1, 4]), Memory(cache))
        #expect(context.values == [0, 0, 0, 0, 1, 1, 1, 1])
    }

    /// Items that share a source read it where it lies, and say the same as copies would.
    @Test func selectedItemsShareTheirSource() throws {
        let (keys, values) = (random([2, 2, 9, 8], 1), random([2, 2, 9, 6], 2))
        let mechanism = AttentionMechanism()
        let memory = try mechanism.remember(keys: keys, values: values, lengths: [9, 4])
        let rows = [1, 0, 1, 1]
        let selected = try memory.selecting([1, 0, 1]).selecting([0, 1, 2, 0])
        let copied = try mechanism.remember(
            keys: keys.selecting(rows), values: values.selecting(rows), lengths: [4, 9, 4, 4])
        #expect(selected.lengths == copied.lengths && selected.keyShape == copied.keyShape)
        for queryCount in [1, 5, 20] {
            let query = random([4, 4, queryCount, 8], 3)
            #expect(try mechanism.attend(query, selected).values == mechanism.attend(query, copied).values)
            #expect(
                try mechanism.align(query, selected).weights.values == mechanism.align(query, copied).weights.values)
        }
        try checkGradients(of: [random([4, 2, 3, 8], 4), keys, values]) { inputs in
            let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [9, 4]).selecting(rows)
            return try mechanism.attend(inputs[0], memory)
        }
        #expect(throws: ShapeError.self) { try memory.selecting([2]) }
    }

    /// One query each, as in a search: neighbours of one source are read together, few or many, in every precision.
    @Test(arguments: [Precision.exact, .float32, .bfloat16])
    func neighboursOfOneSourceAreReadTogether(precision: Precision) throws {
        let (keys, values) = (random([3, 2, 21, 8], 1), random([3, 2, 21, 6], 2))
        let mechanism = AttentionMechanism()
        let memory = try mechanism.remember(keys: keys, values: values, lengths: [21, 1, 17])
        for runs in [[(0, 5), (1, 5), (2, 5)], [(2, 11), (0, 1), (2, 3)], [(1, 1), (0, 2), (0, 2), (2, 1)]] {
            let rows = runs.flatMap { [Int](repeating: $0.0, count: $0.1) }
            let copied = try mechanism.remember(
                keys: keys.selecting(rows), values: values.selecting(rows), lengths: rows.map { [21, 1, 17][$0] })
            let query = random([rows.count, 2, 1, 8], 3)
            try withPrecision(precision) {
                let (context, weights) = (
                    try mechanism.attend(query, memory.selecting(rows)),
                    try mechanism.align(query, memory.selecting(rows)).weights
                )
                let tolerance: Float = precision == .bfloat16 ? 1e-2 : 1e-5
                let (expected, expectedWeights) = (
                    try mechanism.attend(query, copied), try mechanism.align(query, copied).weights
                )
                expectClose(context, expected, tolerance: tolerance)
                expectClose(weights, expectedWeights, tolerance: tolerance)
            }
        }
    }
}
