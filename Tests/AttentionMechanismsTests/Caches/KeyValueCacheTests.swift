import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// A cache is what it says: rows that grow, are chosen, cut and copied, like arrays of vectors.
@Suite struct KeyValueCacheTests {
    private static let (heads, keySize, valueSize) = (2, 3, 5)

    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    /// The same rows, naively: the keys and values of each position, one after the other.
    private struct Model {
        var rows: [[[Float]]]

        func check(_ cache: KeyValueCache, tolerance: Float) throws {
            #expect(cache.lengths == rows.map(\.count))
            let (keys, values) = (cache.keys, cache.values)
            for (row, vectors) in rows.enumerated() {
                for (position, vector) in vectors.enumerated() {
                    let found = (0..<heads).flatMap { head in
                        (0..<keySize).map { keys[row, head, position, $0] }
                            + (0..<valueSize).map { values[row, head, position, $0] }
                    }
                    #expect(zip(found, vector).allSatisfy { abs($0 - $1) <= tolerance })
                }
            }
        }
    }

    @Test(arguments: PageFormat.allCases, [1, 4, 64])
    func isAnArrayOfRows(_ format: PageFormat, _ pageLength: Int) throws {
        let tolerance: Float = format == .float32 ? 0 : format == .bfloat16 ? 6e-3 : 6.1e-3
        var generator = RandomKey(seed: UInt64(pageLength)).generator()
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        var cache = KeyValueCache(rowCount: 3, format: format, pageLength: pageLength)
        var model = Model(rows: [[], [], []])
        var kept: [(KeyValueCache, Model)] = []
        for step in 0..<40 {
            switch pick(0...5) {
            case 0:
                let chosen = (0..<pick(1...4)).map { _ in pick(0...cache.rowCount - 1) }
                cache = try cache.selecting(chosen)
                model.rows = chosen.map { model.rows[$0] }
            case 1:
                let lengths = model.rows.map { pick(0...$0.count) }
                try cache.truncate(to: lengths)
                model.rows = zip(model.rows, lengths).map { Array($0.prefix($1)) }
            case 2: kept.append((cache, model))
            default:
                let (count, rows) = (pick(0...6), cache.rowCount)
                let counts = pick(0...1) == 0 ? nil : (0..<rows).map { _ in pick(0...count) }
                let seed = UInt64(step * 2 + 1000)
                let keys = random([rows, Self.heads, count, Self.keySize], seed)
                let values = random([rows, Self.heads, count, Self.valueSize], seed + 1)
                try cache.append(preparedKeys: keys, values: values, counts: counts)
                for row in 0..<rows {
                    for t in 0..<(counts?[row] ?? count) {
                        model.rows[row].append(
                            (0..<Self.heads).flatMap { head in
                                (0..<Self.keySize).map { keys[row, head, t, $0] }
                                    + (0..<Self.valueSize).map { values[row, head, t, $0] }
                            })
                    }
                }
            }
            try model.check(cache, tolerance: tolerance)
        }
        for (cache, model) in kept { try model.check(cache, tolerance: tolerance) }
    }

    @Test func selectingCopiesNoNumbers() throws {
        var cache = KeyValueCache(rowCount: 1, pageLength: 8)
        try cache.append(preparedKeys: random([1, 2, 20, 3], 1), values: random([1, 2, 20, 5], 2))
        let alone = cache.byteCount
        #expect(alone == 3 * 8 * 2 * (3 + 5) * 4)
        var beams = try cache.selecting([0, 0, 0, 0])
        #expect(beams.byteCount == alone)
        // Each writes to a last page of its own; the full ones before stay shared.
        try beams.append(preparedKeys: random([4, 2, 1, 3], 3), values: random([4, 2, 1, 5], 4))
        #expect(beams.byteCount == alone / 3 * (2 + 4))
        #expect(cache.lengths == [20])
    }

    @Test func formatsSaveMemory() throws {
        func bytes(_ format: PageFormat) throws -> Int {
            var cache = KeyValueCache(rowCount: 1, format: format)
            try cache.append(preparedKeys: random([1, 2, 64, 64], 1), values: random([1, 2, 64, 64], 2))
            return cache.byteCount
        }
        let whole = try bytes(.float32)
        #expect(try bytes(.bfloat16) == whole / 2)
        #expect(try bytes(.int8) < whole * 27 / 100)
    }

    @Test func windowsDropPages() throws {
        let mechanism = AttentionMechanism(scope: .streaming(sinks: 3, window: 6))
        var rolling = KeyValueCache(rowCount: 2, window: CacheWindow(6, sinks: 3), pageLength: 4)
        var whole = KeyValueCache(rowCount: 2, pageLength: 4)
        for step in 0..<40 {
            let count = step % 3 + 1
            let (keys, values) = (
                random([2, 2, count, 4], UInt64(3 * step)), random([2, 2, count, 3], UInt64(3 * step + 1))
            )
            let counts = [count, max(1, count - 1)]
            let positions = Positions.from(whole.lengths)
            try mechanism.remember(keys: keys, values: values, counts: counts, in: &rolling)
            try mechanism.remember(keys: keys, values: values, counts: counts, in: &whole)
            let query = random([2, 2, count, 4], UInt64(3 * step + 2))
            let expected = try mechanism.attend(query, Memory(whole), positions: positions)
            expectClose(try mechanism.attend(query, Memory(rolling), positions: positions), expected)
            expectClose(try mechanism.align(query, Memory(rolling), positions: positions).context, expected)
            #expect(rolling.byteCount <= 2 * 5 * 4 * 2 * (4 + 3) * 4, "sinks, window and a chunk")
        }
        #expect(rolling.lengths == whole.lengths)
        // What was dropped is looked at by nobody, whatever the scope says.
        let everywhere = AttentionMechanism()
        let weights = try everywhere.read(random([2, 2, 1, 4], 9), Memory(rolling)).weights()
        expectClose(weights, try everywhere.align(random([2, 2, 1, 4], 9), Memory(rolling)).weights)
        #expect(weights[0, 0, 0, 10] == 0 && weights[0, 0, 0, 0] > 0)
        // A speculation can be taken back, but not to where the window is gone.
        try rolling.truncate(to: rolling.lengths.map { $0 - 1 })
        #expect(throws: ShapeError.self) { try rolling.truncate(to: [20, 20]) }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        var cache = KeyValueCache(rowCount: 2)
        try cache.append(preparedKeys: .ones([2, 2, 1, 3]), values: .ones([2, 2, 1, 5]))
        for (keys, values) in [
            (Tensor.ones([1, 2, 1, 3]), Tensor.ones([1, 2, 1, 5])), (.ones([2, 2, 1, 4]), .ones([2, 2, 1, 5])),
            (.ones([2, 2, 1, 3]), .ones([2, 2, 2, 5])), (.ones([2, 2, 3]), .ones([2, 2, 5])),
        ] {
            #expect(throws: ShapeError.self) { try cache.append(preparedKeys: keys, values: values) }
        }
        #expect(throws: ShapeError.self) {
            try cache.append(preparedKeys: .ones([2, 2, 1, 3]), values: .ones([2, 2, 1, 5]), counts: [1, 2])
        }
        #expect {
            try cache.append(preparedKeys: .ones([2, 1, 1, 3]), values: .ones([2, 1, 1, 5]))
        } throws: {
            "\($0)"
                == "append: expected 2 heads of 3 and 5, as remembered before, found [2, 1, 1, 3] and [2, 1, 1, 5]"
        }
        #expect(throws: ShapeError.self) { try cache.selecting([2]) }
        #expect(throws: ShapeError.self) { try cache.truncate(to: [2, 0]) }
        #expect(throws: ShapeError.self) { try cache.truncate(to: [0]) }
        #expect(cache.lengths == [1, 1])
    }

    /// Copies go their own way on threads of their own.
    @Test func copiesGrowSideBySide() async throws {
        var shared = KeyValueCache(rowCount: 2, pageLength: 4)
        try shared.append(preparedKeys: random([2, 2, 6, 3], 1), values: random([2, 2, 6, 5], 2))
        let start = shared
        let grown = try await withThrowingTaskGroup(of: (UInt64, KeyValueCache).self) { group in
            for seed in UInt64(1)...6 {
                group.addTask {
                    var own = start
                    for step in 0..<12 {
                        let key = RandomKey(seed: seed)[step]
                        try own.append(
                            preparedKeys: .uniform([2, 2, 1, 3], in: -1...1, key: key[0]),
                            values: .uniform([2, 2, 1, 5], in: -1...1, key: key[1]))
                        _ = own.keys
                    }
                    return (seed, own)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (seed, own) in grown {
            #expect(try own.keys.sliced(axis: 2, 0..<6).values == start.keys.values)
            for step in 0..<12 {
                let expected = Tensor.uniform([2, 2, 1, 3], in: -1...1, key: RandomKey(seed: seed)[step][0])
                #expect(try own.keys.sliced(axis: 2, 6 + step..<7 + step).values == expected.values)
            }
        }
    }
}
