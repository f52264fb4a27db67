import AttentionMechanisms
import AttentionTensors
import Testing

/// Memories that are read beside one another are what they are alone.
@Suite struct JoinedMemoriesTests {
    private static let (heads, size, valueSize) = (2, 4, 3)

    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    /// Sources of different lengths: with padding, without, with keys that nobody sees, and one whose items stand for several rows.
    private func memories(_ mechanism: AttentionMechanism) throws -> [Memory] {
        func remembered(_ items: Int, _ keys: Int, _ seed: UInt64, lengths: [Int]? = nil) throws -> Memory {
            try mechanism.remember(
                keys: random([items, Self.heads, keys, Self.size], seed),
                values: random([items, Self.heads, keys, Self.valueSize], seed + 1), lengths: lengths)
        }
        return [
            try remembered(2, 5, 1, lengths: [3, 5]), try remembered(1, 9, 3),
            try remembered(1, 4, 5).restricted(to: try Mask([false, true, true, false], shape: [1, 4])),
            try remembered(2, 7, 7, lengths: [7, 2]).selecting([1, 1, 0]),
        ]
    }

    private func queries(_ count: Int, _ seed: UInt64) -> Tensor { random([count, Self.heads, 1, Self.size], seed) }

    /// What a memory gives its own of the queries.
    private func own(_ queries: Tensor, _ memories: [Memory], _ place: Int) throws -> Tensor {
        let first = memories[..<place].reduce(0) { $0 + $1.keyShape[0] }
        return try queries.sliced(axis: 0, first..<first + memories[place].keyShape[0])
    }

    @Test(arguments: [Precision.exact, .float32]) func eachIsReadAsIfItWereAlone(_ precision: Precision) throws {
        try withPrecision(precision) {
            let mechanism = AttentionMechanism()
            let memories = try memories(mechanism)
            let joined = try Memory.joining(memories)
            let queries = queries(7, 20)
            let (context, alignment) = (try mechanism.attend(queries, joined), try mechanism.align(queries, joined))
            #expect(alignment.weights.shape == [7, Self.heads, 1, 9])
            var row = 0
            for (place, memory) in memories.enumerated() {
                let mine = try own(queries, memories, place)
                let alone = try mechanism.attend(mine, memory)
                let looked = try mechanism.align(mine, memory)
                let rows = row..<row + memory.keyShape[0]
                row = rows.upperBound
                #expect(try context.sliced(axis: 0, rows).values == alone.values)
                #expect(try alignment.context.sliced(axis: 0, rows).values == looked.context.values)
                let weights = try alignment.weights.sliced(axis: 0, rows)
                #expect(try weights.sliced(axis: 3, 0..<memory.keyCount).values == looked.weights.values)
                #expect(try weights.sliced(axis: 3, memory.keyCount..<9).values.allSatisfy { $0 == 0 })
            }
        }
    }

    /// Who asks for what has no way by parts gets the same from all keys together.
    @Test func asAWholeItIsTheSame() throws {
        let mechanism = AttentionMechanism()
        let memories = try memories(mechanism)
        let joined = try Memory.joining(memories)
        #expect(joined.keyShape == [7, Self.heads, 9, Self.size])
        #expect(joined.valueShape == [7, Self.heads, 9, Self.valueSize])
        #expect(joined.lengths == [3, 5, 9, 4, 2, 2, 7])
        #expect(joined.keys.shape == joined.keyShape && joined.values.shape == joined.valueShape)
        let queries = queries(7, 21)
        let reading = try mechanism.read(queries, joined)
        let trace = try mechanism.trace(queries, joined)
        let expected = try mechanism.align(queries, joined)
        for (x, y) in zip(reading.context.values, expected.context.values) { #expect(abs(x - y) < 1e-5) }
        for (x, y) in zip(trace.alignment.context.values, expected.context.values) { #expect(abs(x - y) < 1e-5) }
        for (x, y) in zip(trace.alignment.weights.values, expected.weights.values) { #expect(abs(x - y) < 1e-5) }
        for (x, y) in zip(try reading.weights().values, expected.weights.values) { #expect(abs(x - y) < 1e-5) }
    }

    /// Rows may be dropped, repeated and exchanged, across parts, too; and what was joined is joined again.
    @Test func selectingCommutesWithJoining() throws {
        let mechanism = AttentionMechanism()
        let memories = try memories(mechanism)
        let joined = try Memory.joining([try .joining(Array(memories[..<2])), try .joining(Array(memories[2...]))])
        let queries = queries(7, 22)
        let all = try mechanism.attend(queries, joined)
        for chosen in [[0, 1], [6, 2, 2, 3], [5, 4, 0, 6], [3], Array(0..<7), [2, 5, 2]] {
            let some = try joined.selecting(chosen)
            #expect(some.keyShape[0] == chosen.count)
            let found = try mechanism.attend(try queries.selecting(chosen), some)
            // Rows that share a source are read together, so that the last bit may be another.
            for (x, y) in zip(found.values, try all.selecting(chosen).values) { #expect(abs(x - y) <= 1e-6) }
        }
        // A part alone is what it was, with no more keys than its own.
        #expect(try joined.selecting([0, 1]).keyCount == 5)
        #expect(try joined.selecting([]).keyShape[0] == 0)
        #expect(try joined.gathered().lengths == joined.lengths)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let mechanism = AttentionMechanism()
        let memories = try memories(mechanism)
        let joined = try Memory.joining(memories)
        #expect(throws: ShapeError.self) { try Memory.joining([]) }
        #expect(throws: ShapeError.self) {
            try Memory.joining([
                memories[0], try mechanism.remember(keys: random([1, 3, 2, 4], 9), values: random([1, 3, 2, 3], 9)),
            ])
        }
        #expect(throws: ShapeError.self) { try joined.selecting([7]) }
        #expect(throws: ShapeError.self) { try mechanism.attend(queries(6, 23), joined) }
        #expect(throws: ShapeError.self) { try mechanism.align(queries(8, 23), joined) }
    }
}
